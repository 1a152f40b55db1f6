package org.jtorch.nn.pooling;

import org.jtorch.Tensor;
import org.jtorch.ValuesIndices;
import org.jtorch.nn.Module;

/** A pooling with PyTorch's {@code return_indices=True}: it returns the values and the index of each, int64. */
public abstract class WithIndices extends Module<Tensor, ValuesIndices> {

    private final Class<? extends WithIndices> own;
    private final Class<?> plain;

    /**
     * Creates a pooling that PyTorch shows under the name of another class.
     *
     * @param own the class that is being created
     * @param plain the pooling that returns only values
     */
    WithIndices(Class<? extends WithIndices> own, Class<?> plain) {
        this.own = own;
        this.plain = plain;
    }

    /** Returns whether indices are returned too: always true. */
    public final boolean returnIndices() {
        return true;
    }

    /** Returns PyTorch's name, which does not mention the indices. For a subclass it is the subclass's own name. */
    @Override
    public String className() {
        Class<?> type = getClass();
        while (type.isAnonymousClass()) {
            type = type.getSuperclass();
        }
        return type == own ? plain.getSimpleName() : super.className();
    }
}
