package org.jtorch.serialize.internal.elements;

/** Computes the strides of dense tensors. */
public final class Strides {

    private Strides() {}

    /** Returns the strides of a row-major tensor of the given shape. They equal PyTorch's even if a size is 0. */
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
