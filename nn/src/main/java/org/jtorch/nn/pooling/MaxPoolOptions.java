package org.jtorch.nn.pooling;

import org.jspecify.annotations.Nullable;

/** The optional arguments of max pooling. A size is one number for all spatial dimensions or one for each. */
public final class MaxPoolOptions {

    long @Nullable [] stride;
    long[] padding = {0};
    long[] dilation = {1};
    boolean ceilMode;

    MaxPoolOptions() {}

    /** Sets the stride of the windows; the default is the kernel size, so that the windows do not overlap. */
    public MaxPoolOptions stride(long... newStride) {
        stride = newStride.clone();
        return this;
    }

    /** Sets the padding of negative infinity on both sides; the default is 0. */
    public MaxPoolOptions padding(long... newPadding) {
        padding = newPadding.clone();
        return this;
    }

    /** Sets the distance between the points of a window; the default is 1. */
    public MaxPoolOptions dilation(long... newDilation) {
        dilation = newDilation.clone();
        return this;
    }

    /** Sets whether windows that extend beyond the end are included; the default is {@code false}. */
    public MaxPoolOptions ceilMode(boolean newCeilMode) {
        ceilMode = newCeilMode;
        return this;
    }
}
