package org.jtorch.nn.pooling;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/**
 * The optional arguments of fractional max pooling. Either the size of the output or its ratio to the size of the input must be
 * given.
 */
public final class FractionalMaxPoolOptions {

    long @Nullable [] outputSize;
    double @Nullable [] outputRatio;

    @Nullable
    Tensor randomSamples;

    FractionalMaxPoolOptions() {}

    /** Sets the size of the output: one number for all spatial dimensions or one for each. */
    public FractionalMaxPoolOptions outputSize(long... newOutputSize) {
        outputSize = newOutputSize.clone();
        return this;
    }

    /** Sets the ratio of the output size to the input size, between 0 and 1: one number or one for each spatial dimension. */
    public FractionalMaxPoolOptions outputRatio(double... newOutputRatio) {
        outputRatio = newOutputRatio.clone();
        return this;
    }

    /**
     * Sets the positions of the windows, (N, C, dims) in [0, 1): PyTorch's {@code _random_samples}. By default they are drawn
     * at each call.
     */
    public FractionalMaxPoolOptions randomSamples(@Nullable Tensor newRandomSamples) {
        randomSamples = newRandomSamples;
        return this;
    }
}
