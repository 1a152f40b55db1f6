package org.jtorch.serialize;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.nn.Parameter;
import org.jtorch.serialize.TorchEnvironment.StorageReference;
import org.jtorch.serialize.pickle.Arguments;
import org.jtorch.serialize.pickle.PersistentObject;

/** Builds the tensors that a pickle describes, each a view of its storage, after checking that it stays inside of it. */
final class TensorBuilder {

    private static final int MAX_DIMENSIONS = 64;

    /** {@code _rebuild_tensor(storage, offset, size, stride)}. */
    Tensor tensor(Arguments arguments) {
        StorageReference storage = storage(arguments.expect(4, 4));
        return view(arguments, storage, typed(arguments, storage));
    }

    /** {@code _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks, metadata=None)}. */
    Tensor tensorV2(Arguments arguments) {
        StorageReference storage = storage(arguments.expect(6, 7));
        checkPlain(arguments, 5, "backward hooks");
        if (arguments.count() == 7) {
            checkPlain(arguments, 6, "metadata");
        }
        return requireGrad(view(arguments, storage, typed(arguments, storage)), arguments.bool(4));
    }

    /** {@code _rebuild_tensor_v3(storage, offset, size, stride, requires_grad, hooks, dtype, metadata=None)}. */
    Tensor tensorV3(Arguments arguments) {
        StorageReference storage = storage(arguments.expect(7, 8));
        checkPlain(arguments, 5, "backward hooks");
        if (arguments.count() == 8) {
            checkPlain(arguments, 7, "metadata");
        }
        DType dtype = arguments.get(6, DType.class);
        return requireGrad(view(arguments, storage, dtype), arguments.bool(4));
    }

    /** {@code _rebuild_parameter(data, requires_grad, hooks)}. */
    Parameter parameter(Arguments arguments) {
        Tensor data = arguments.expect(3, 3).get(0, Tensor.class);
        boolean requiresGrad = arguments.bool(1);
        checkPlain(arguments, 2, "backward hooks");
        checkDifferentiable(data, requiresGrad);
        return new Parameter(data, requiresGrad);
    }

    private static StorageReference storage(Arguments arguments) {
        if (arguments.get(0) instanceof PersistentObject object && object.value() instanceof StorageReference storage) {
            return storage;
        }
        throw arguments.wrong(0, "a storage");
    }

    private static DType typed(Arguments arguments, StorageReference storage) {
        DType dtype = storage.dtype();
        if (dtype == null) {
            throw arguments.wrong(0, "a storage with a type");
        }
        return dtype;
    }

    private static Tensor view(Arguments arguments, StorageReference storage, DType dtype) {
        long offset = arguments.integer(1);
        long[] size = arguments.integers(2);
        long[] stride = arguments.integers(3);
        check(storage, dtype, offset, size, stride);
        return storage.storage().tensor(dtype, offset, size, stride);
    }

    private static void check(StorageReference storage, DType dtype, long offset, long[] size, long[] stride) {
        if (size.length != stride.length || size.length > MAX_DIMENSIONS) {
            throw wrong(
                    storage,
                    dtype,
                    offset,
                    size,
                    stride,
                    "has " + size.length + " sizes and " + stride.length + " strides");
        }
        long numel = storage.storage().nbytes() / dtype.itemSize();
        boolean empty = false;
        long last = offset;
        try {
            long count = dtype.itemSize();
            for (int i = 0; i < size.length; i++) {
                if (size[i] < 0 || stride[i] < 0) {
                    throw wrong(storage, dtype, offset, size, stride, "has a negative size or stride");
                }
                empty |= size[i] == 0;
                count = Math.multiplyExact(count, Math.max(size[i], 1));
                last = Math.addExact(last, Math.multiplyExact(Math.max(size[i] - 1, 0), stride[i]));
            }
        } catch (ArithmeticException e) {
            throw wrong(storage, dtype, offset, size, stride, "has more elements than can be counted");
        }
        if (offset < 0 || (empty ? offset > numel : last >= numel)) {
            throw wrong(
                    storage,
                    dtype,
                    offset,
                    size,
                    stride,
                    "reaches over the end of its storage of " + numel + " elements");
        }
    }

    private static CheckpointException wrong(
            StorageReference storage, DType dtype, long offset, long[] size, long[] stride, String what) {
        return new CheckpointException("a tensor of " + dtype + " at element " + offset + " of " + storage
                + " with shape " + shown(size) + " and strides " + shown(stride) + " " + what);
    }

    private static String shown(long[] values) {
        return values.length <= MAX_DIMENSIONS ? Arrays.toString(values) : "[" + values.length + " values]";
    }

    private static Tensor requireGrad(Tensor tensor, boolean requiresGrad) {
        checkDifferentiable(tensor, requiresGrad);
        return requiresGrad ? tensor.requiresGrad_() : tensor;
    }

    private static void checkDifferentiable(Tensor tensor, boolean requiresGrad) {
        if (requiresGrad && !tensor.isFloatingPoint() && !tensor.isComplex()) {
            throw new CheckpointException("a tensor of " + tensor.dtype()
                    + " is to require grad, which only floating-point and" + " complex ones can");
        }
    }

    /** Hooks are code, and metadata (of conjugate and negative views) changes what the bytes mean: neither is read. */
    private static void checkPlain(Arguments arguments, int index, String what) {
        @Nullable Object value = arguments.get(index);
        if (value != null && !(value instanceof Map<?, ?> map && map.isEmpty())) {
            throw new CheckpointException("a tensor has " + what + ", which is not read");
        }
    }
}
