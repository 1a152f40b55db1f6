package org.jtorch.nn.pooling;

import org.jspecify.annotations.Nullable;

/** The optional arguments of max pooling. Sizes are one number for all spatial dimensions or one for each. */
public final class MaxPoolOptions {

    long @Nullable [] stride;
    long[] padding = {0};
    long[] dilation = {1};
    boolean ceilMode;

    MaxPoolOptions() {}

    /** The windows' distance; default: the kernel's size, so that they do not overlap. */
    public MaxPoolOptions stride(long... newStride) {
        stride = newStride.clone();
        return this;
    }

    /** What is added on both sides, of negative infinity; default 0. */
    public MaxPoolOptions padding(long... newPadding) {
        padding = newPadding.clone();
        return this;
    }

    /** The distance between the window's points; default 1. */
    public MaxPoolOptions dilation(long... newDilation) {
        dilation = newDilation.clone();
        return this;
    }

    /** Whether a window that reaches over the end counts; default false. */
    public MaxPoolOptions ceilMode(boolean newCeilMode) {
        ceilMode = newCeilMode;
        return this;
    }
}
