package org.jtorch.serialize;

import java.util.Arrays;

/** PyTorch's {@code torch.Size}: a shape. */
public final class Size implements PythonValue {

    private final long[] dims;

    /** The shape with these sizes. */
    public Size(long... dims) {
        this.dims = dims.clone();
    }

    /** The sizes, a fresh array. */
    public long[] toArray() {
        return dims.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Size size && Arrays.equals(dims, size.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    @Override
    public String toString() {
        return "torch.Size(" + Arrays.toString(dims) + ")";
    }
}
