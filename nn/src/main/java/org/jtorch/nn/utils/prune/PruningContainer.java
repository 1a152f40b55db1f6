package org.jtorch.nn.utils.prune;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.jtorch.Tensor;
import org.jtorch.TensorIndex;

/**
 * The pruning methods of one parameter in the order in which they were applied. The last method computes a further mask among
 * the entries that the others kept.
 */
public final class PruningContainer extends BasePruningMethod implements Iterable<BasePruningMethod> {

    private final List<BasePruningMethod> methods = new ArrayList<>();

    /** Creates a container of these methods, which must belong to the same parameter. */
    public PruningContainer(BasePruningMethod... methods) {
        if (methods.length > 0) {
            tensorName = methods[0].tensorName;
        }
        for (BasePruningMethod method : methods) {
            addPruningMethod(method);
        }
    }

    /**
     * Adds a method after the others.
     *
     * @throws IllegalArgumentException if it belongs to another parameter
     */
    public void addPruningMethod(BasePruningMethod method) {
        if (!Objects.equals(tensorName, method.tensorName)) {
            throw new IllegalArgumentException("Can only add pruning methods acting on the parameter named '"
                    + tensorName + "' to PruningContainer. Found '" + method.tensorName + "'");
        }
        methods.add(method);
    }

    /** Returns the number of methods. */
    public int size() {
        return methods.size();
    }

    /** Returns the method at a position. */
    public BasePruningMethod get(int index) {
        return methods.get(index);
    }

    @Override
    public Iterator<BasePruningMethod> iterator() {
        return List.copyOf(methods).iterator();
    }

    @Override
    public PruningType pruningType() {
        return methods.get(methods.size() - 1).pruningType();
    }

    @Override
    public Tensor computeMask(Tensor t, Tensor defaultMask) {
        BasePruningMethod method = methods.get(methods.size() - 1);
        TensorIndex[] left = left(method, t, defaultMask);
        Tensor partial = method.computeMask(t.index(left), defaultMask.index(left));
        Tensor mask = defaultMask.to(t.dtype()).clone();
        return mask.indexPut_(partial.to(mask.dtype()), left);
    }

    /** Returns the part of the tensor among which the method may choose. */
    private static TensorIndex[] left(BasePruningMethod method, Tensor t, Tensor mask) {
        switch (method.pruningType()) {
            case UNSTRUCTURED:
                return new TensorIndex[] {TensorIndex.tensor(mask.eq(1))};
            case GLOBAL:
                return new TensorIndex[] {TensorIndex.ellipsis()};
            default:
                OptionalLong given = method.dim();
                if (given.isEmpty()) {
                    throw new IllegalStateException(
                            "Pruning methods of PRUNING_TYPE \"structured\" need to have the attribute `dim` defined.");
                }
                int dims = t.dim();
                long dim = given.getAsLong() < 0 ? given.getAsLong() + dims : given.getAsLong();
                if (dim < 0) {
                    throw new IndexOutOfBoundsException("Index is out of bounds for tensor with dimensions " + dims);
                }
                long[] others = LongStream.range(0, dims).filter(d -> d != dim).toArray();
                TensorIndex[] slice = new TensorIndex[dims];
                Arrays.fill(slice, TensorIndex.slice());
                slice[(int) dim] = TensorIndex.tensor(mask.sum(others).ne(0));
                return slice;
        }
    }
}
