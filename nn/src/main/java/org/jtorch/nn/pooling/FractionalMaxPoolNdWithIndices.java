package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.nn.Buffer;
import org.jtorch.nn.Name;

/** What fractional max poolings share that give values and indices. */
public abstract class FractionalMaxPoolNdWithIndices extends WithIndices {

    final FractionalMaxPoolArguments a;

    /** Where the windows stand: (N, C, dims), or null if it is drawn at each call. */
    @Name("_random_samples")
    public @Nullable Buffer randomSamples;

    FractionalMaxPoolNdWithIndices(
            Class<? extends WithIndices> own,
            Class<?> plain,
            int dims,
            long[] kernelSize,
            Consumer<FractionalMaxPoolOptions> options) {
        super(own, plain);
        a = new FractionalMaxPoolArguments(dims, kernelSize, options);
        randomSamples = a.randomSamples;
    }

    /** Returns the windows' size in each spatial dimension; a copy. */
    public final long[] kernelSize() {
        return a.kernelSize.clone();
    }

    /** Returns the result's size in each spatial dimension; null if its ratio to the input's is given. A copy. */
    public final long @Nullable [] outputSize() {
        return a.outputSize == null ? null : a.outputSize.clone();
    }

    /** Returns the result's size as a part of the input's, one number or one for each spatial dimension, or null. A copy. */
    public final double @Nullable [] outputRatio() {
        return a.outputRatio == null ? null : a.outputRatio.clone();
    }
}
