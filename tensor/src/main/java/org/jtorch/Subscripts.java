package org.jtorch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.bytedeco.pytorch.TensorOptionalList;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.engine.Modes;
import org.jtorch.internal.engine.Taps;

/**
 * Python's subscripts, implemented by the engine's operations, which recorders see: first one view for each integer, slice
 * and new axis, then a single {@code index} or {@code index_put_} with all tensors. The rules are those of PyTorch's
 * bindings.
 */
final class Subscripts {

    /** The result of the views so far, and the tensors for its dimensions. */
    private final Tensor self;

    private Tensor view;
    private final List<@Nullable Tensor> tensors = new ArrayList<>();

    private Subscripts(Tensor self) {
        this.self = self;
        this.view = self;
    }

    static Tensor get(Tensor self, TensorIndex... indices) {
        Subscripts subscripts = new Subscripts(self);
        subscripts.apply(indices);
        if (subscripts.tensors.isEmpty()) {
            return subscripts.view == self ? self.alias() : subscripts.view;
        }
        Tensor result = subscripts.index();
        subscripts.release();
        return result;
    }

    static Tensor put(Tensor self, Number value, boolean accumulate, TensorIndex... indices) {
        Subscripts subscripts = new Subscripts(self);
        if (!subscripts.apply(indices)) {
            return self;
        }
        if (!subscripts.tensors.isEmpty()) {
            Tensor scalar = Torch.scalarTensor(value, TensorOptions.like(self));
            subscripts.indexPut(scalar, accumulate);
            release(scalar, self);
        } else if (accumulate) {
            subscripts.view.add_(value);
        } else {
            subscripts.view.fill_(value);
        }
        subscripts.release();
        return self;
    }

    static Tensor put(Tensor self, Tensor value, boolean accumulate, TensorIndex... indices) {
        Subscripts subscripts = new Subscripts(self);
        if (!subscripts.apply(indices)) {
            return self;
        }
        if (!subscripts.tensors.isEmpty()) {
            Tensor plain = withoutLeadingOnes(value);
            subscripts.indexPut(plain, accumulate);
            release(plain, value);
        } else {
            subscripts.assign(value, accumulate);
        }
        subscripts.release();
        return self;
    }

    // --- the views ---------------------------------------------------------------------------------------------

    /** Applies the indices. Returns false if a {@code False} leaves nothing to assign to. */
    private boolean apply(TensorIndex[] indices) {
        long taken = 0;
        for (TensorIndex index : indices) {
            taken += dimensionsTaken(index);
        }
        int dims = self.dim();
        if (dims == 0 && indices.length == 1 && indices[0] instanceof TensorIndex.At) {
            throw new TorchException(
                    "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ to"
                            + " convert a 0-dim tensor to a number");
        }
        if (dims == 0 && indices.length == 1 && indices[0] instanceof TensorIndex.Slice) {
            throw new TorchException("slice() cannot be applied to a 0-dim tensor.");
        }
        if (taken > dims) {
            throw new TorchException("too many indices for tensor of dimension " + dims);
        }
        int dim = 0;
        for (int i = 0; i < indices.length; i++) {
            TensorIndex index = indices[i];
            if (index instanceof TensorIndex.At at) {
                select(dim, at.index(), i);
            } else if (index instanceof TensorIndex.Slice slice) {
                slice(dim, slice);
                dim += whole(1);
            } else if (index instanceof TensorIndex.Ellipsis) {
                dim += whole(dims - (int) taken);
            } else if (index instanceof TensorIndex.NewAxis) {
                replace(view.unsqueeze(dim));
                dim += whole(1);
            } else if (index instanceof TensorIndex.Truth truth) {
                dim = truth(dim, truth.value());
            } else {
                dim = places(dim, ((TensorIndex.Places) index).tensor(), i);
            }
        }
        return !(indices.length == 1 && indices[0] instanceof TensorIndex.Truth truth && !truth.value());
    }

    private static long dimensionsTaken(TensorIndex index) {
        if (index instanceof TensorIndex.Places places) {
            return isMask(places.tensor()) ? places.tensor().dim() : 1;
        }
        return index instanceof TensorIndex.At || index instanceof TensorIndex.Slice ? 1 : 0;
    }

    private static boolean isMask(Tensor tensor) {
        DType dtype = tensor.dtype();
        return dtype == DType.BOOL || dtype == DType.UINT8;
    }

    private void select(int dim, long index, int position) {
        long size = view.size(dim);
        if (index < -size || index >= size) {
            throw new TorchException(
                    "index " + index + " is out of bounds for dimension " + position + " with size " + size);
        }
        replace(view.select(dim, index));
    }

    private void slice(int dim, TensorIndex.Slice slice) {
        Long start = slice.start();
        Long end = slice.end();
        if ((start == null || start == 0) && slice.step() == 1 && (end == null || end == view.size(dim))) {
            return; // the whole dimension
        }
        replace(view.slice(dim, start, end, slice.step()));
    }

    private int truth(int dim, boolean value) {
        replace(view.unsqueeze(dim));
        Tensor place = Torch.zeros(
                new long[] {value ? 1 : 0}, TensorOptions.of(DType.INT64).device(self.device()));
        return wait(dim, place);
    }

    private int places(int dim, Tensor tensor, int position) {
        DType dtype = tensor.dtype();
        boolean integral = !dtype.isFloatingPoint() && !dtype.isComplex();
        if (tensor.dim() > 0 || !integral) {
            return wait(dim, tensor);
        }
        if (isMask(tensor)) {
            return truth(dim, tensor.itemLong() != 0);
        }
        select(dim, tensor.itemLong(), position);
        return dim;
    }

    /** Keeps {@code tensor} for dimension {@code dim} until all views are made, and returns the dimension after it. */
    private int wait(int dim, Tensor tensor) {
        if (tensors.isEmpty()) {
            tensors.addAll(Collections.nCopies(dim, null));
        }
        tensors.add(tensor); // a mask over several dimensions is one element of the list, too
        return dim + (isMask(tensor) ? tensor.dim() : 1);
    }

    /** Records in the list of tensors that {@code count} dimensions have no index, and returns {@code count}. */
    private int whole(int count) {
        if (!tensors.isEmpty()) {
            tensors.addAll(Collections.nCopies(count, null));
        }
        return count;
    }

    private void replace(Tensor next) {
        Tensor before = view;
        view = next;
        release(before, self);
    }

    private void release() {
        release(view, self);
    }

    /** Frees an intermediate view early, unless a recorder may still read it. */
    private static void release(Tensor view, Tensor kept) {
        if (view != kept && !Taps.on) {
            view.close();
        }
    }

    // --- values ------------------------------------------------------------------------------------------------

    private Tensor index() {
        try (TensorOptionalList list = list()) {
            var in = view.handle();
            Modes.apply();
            Tensor result = Ops.own(torch.index(in, list));
            if (Taps.on) {
                Ops.tap("aten::index", result, view, Collections.unmodifiableList(tensors));
            }
            return result;
        } catch (RuntimeException e) {
            throw Ops.failure("aten::index", e);
        }
    }

    private void indexPut(Tensor value, boolean accumulate) {
        try (TensorOptionalList list = list()) {
            var in = view.handle();
            var values = value.handle();
            Modes.apply();
            torch.index_put_(in, list, values, accumulate);
            if (Taps.on) {
                Ops.tap("aten::index_put_", view, view, Collections.unmodifiableList(tensors), value, accumulate);
            }
        } catch (RuntimeException e) {
            throw Ops.failure("aten::index_put_", e);
        }
    }

    private TensorOptionalList list() {
        TensorOptionalList list = new TensorOptionalList();
        for (Tensor tensor : tensors) {
            list.push_back(Ops.optional(tensor));
        }
        return list;
    }

    /** Assigns {@code value} to {@code view} as Python broadcasts it: additional leading dimensions must have size 1. */
    private void assign(Tensor value, boolean accumulate) {
        Tensor fitting = value;
        if (!Arrays.equals(view.shape(), value.shape())) {
            Tensor plain = withoutLeadingOnes(value);
            fitting = plain.dim() == 0 ? plain : plain.expand(view.shape());
            if (plain != fitting) {
                release(plain, value);
            }
        }
        if (accumulate) {
            view.add_(fitting);
        } else {
            view.copy_(fitting);
        }
        release(fitting, value);
    }

    private static Tensor withoutLeadingOnes(Tensor value) {
        long[] shape = value.shape();
        int ones = 0;
        while (ones < shape.length && shape[ones] == 1) {
            ones++;
        }
        return ones == 0 ? value : value.view(Arrays.copyOfRange(shape, ones, shape.length));
    }
}
