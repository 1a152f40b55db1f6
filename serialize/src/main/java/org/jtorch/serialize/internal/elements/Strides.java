package org.jtorch.serialize.internal.elements;

/** Steps between the elements of dense tensors. */
public final class Strides {

    private Strides() {}

    /** The strides of a row-major tensor of that shape; as PyTorch has them, where a size is 0 too. */
    public static long[] contiguous(long[] shape) {
        long[] strides = new long[shape.length];
        long step = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = step;
            step *= Math.max(shape[i], 1);
        }
        return strides;
    }
}
