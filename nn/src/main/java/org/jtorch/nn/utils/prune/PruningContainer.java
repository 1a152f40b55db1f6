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
 * Pruning methods of one parameter in the order in which they were applied; a further mask is computed by the last of them,
 * among what the others left.
 */
public final class PruningContainer extends BasePruningMethod implements Iterable<BasePruningMethod> {

    private final List<BasePruningMethod> methods = new ArrayList<>();

    /** With these methods, all of one parameter. */
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
     * @throws IllegalArgumentException if it is another parameter's
     */
    public void addPruningMethod(BasePruningMethod method) {
        if (!Objects.equals(tensorName, method.tensorName)) {
            throw new IllegalArgumentException("Can only add pruning methods acting on the parameter named '"
                    + tensorName + "' to PruningContainer. Found '" + method.tensorName + "'");
        }
        methods.add(method);
    }

    /** Returns how many methods there are. */
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

    /** Returns what the method may choose among. */
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
