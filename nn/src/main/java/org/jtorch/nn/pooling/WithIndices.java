package org.jtorch.nn.pooling;

import org.jtorch.Tensor;
import org.jtorch.ValuesIndices;
import org.jtorch.nn.Module;

/** A pooling with PyTorch's {@code return_indices=True}: it gives the values and where each stood, int64. */
public abstract class WithIndices extends Module<Tensor, ValuesIndices> {

    private final Class<? extends WithIndices> own;
    private final Class<?> plain;

    /**
     * A pooling that PyTorch calls by the name of another class.
     *
     * @param own the class that is made here
     * @param plain the pooling that gives only values
     */
    WithIndices(Class<? extends WithIndices> own, Class<?> plain) {
        this.own = own;
        this.plain = plain;
    }

    /** Returns whether the places are given too: yes. */
    public final boolean returnIndices() {
        return true;
    }

    /** PyTorch's name, which has nothing of the indices; of a subclass, its own name. */
    @Override
    public String className() {
        Class<?> type = getClass();
        while (type.isAnonymousClass()) {
            type = type.getSuperclass();
        }
        return type == own ? plain.getSimpleName() : super.className();
    }
}
