package org.jtorch.nn.pooling;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/**
 * The optional arguments of fractional max pooling, of which either the result's size or its ratio to the input's must be
 * given.
 */
public final class FractionalMaxPoolOptions {

    long @Nullable [] outputSize;
    double @Nullable [] outputRatio;

    @Nullable
    Tensor randomSamples;

    FractionalMaxPoolOptions() {}

    /** Sets the result's size, one number for all spatial dimensions or one for each. */
    public FractionalMaxPoolOptions outputSize(long... newOutputSize) {
        outputSize = newOutputSize.clone();
        return this;
    }

    /** Sets the result's size as a part of the input's, between 0 and 1, one number or one for each spatial dimension. */
    public FractionalMaxPoolOptions outputRatio(double... newOutputRatio) {
        outputRatio = newOutputRatio.clone();
        return this;
    }

    /** PyTorch's {@code _random_samples}: where the windows stand, (N, C, dims) in [0, 1); default: drawn at each call. */
    public FractionalMaxPoolOptions randomSamples(@Nullable Tensor newRandomSamples) {
        randomSamples = newRandomSamples;
        return this;
    }
}
