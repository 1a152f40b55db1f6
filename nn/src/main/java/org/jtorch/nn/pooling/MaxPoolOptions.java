package org.jtorch.nn.pooling;

import org.jspecify.annotations.Nullable;

/** The optional arguments of max pooling. Sizes are one number for all spatial dimensions or one for each. */
public final class MaxPoolOptions {

    long @Nullable [] stride;
    long[] padding = {0};
    long[] dilation = {1};
    boolean ceilMode;

    MaxPoolOptions() {}

    /** Sets the windows' distance; the default is the kernel's size, so that they do not overlap. */
    public MaxPoolOptions stride(long... newStride) {
        stride = newStride.clone();
        return this;
    }

    /** Sets what is added on both sides, of negative infinity; the default is 0. */
    public MaxPoolOptions padding(long... newPadding) {
        padding = newPadding.clone();
        return this;
    }

    /** Sets the distance between the window's points; the default is 1. */
    public MaxPoolOptions dilation(long... newDilation) {
        dilation = newDilation.clone();
        return this;
    }

    /** Sets whether a window that reaches over the end counts; the default is {@code false}. */
    public MaxPoolOptions ceilMode(boolean newCeilMode) {
        ceilMode = newCeilMode;
        return this;
    }
}
