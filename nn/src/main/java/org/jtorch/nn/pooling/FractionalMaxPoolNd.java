package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.nn.Buffer;
import org.jtorch.nn.Layer;
import org.jtorch.nn.Name;

/** The base class of fractional max poolings that return only values. */
public abstract class FractionalMaxPoolNd extends Layer {

    final FractionalMaxPoolArguments a;

    /** The positions of the windows, (N, C, dims), or null if they are drawn at each call. */
    @Name("_random_samples")
    public @Nullable Buffer randomSamples;

    FractionalMaxPoolNd(int dims, long[] kernelSize, Consumer<FractionalMaxPoolOptions> options) {
        a = new FractionalMaxPoolArguments(dims, kernelSize, options);
        randomSamples = a.randomSamples;
    }

    /** Returns a copy of the size of the windows in each spatial dimension. */
    public final long[] kernelSize() {
        return a.kernelSize.clone();
    }

    /** Returns a copy of the size of the output in each spatial dimension, or null if the ratio is given. */
    public final long @Nullable [] outputSize() {
        return a.outputSize == null ? null : a.outputSize.clone();
    }

    /**
     * Returns a copy of the ratio of the output size to the input size, one number or one for each spatial dimension, or null
     * if the size is given.
     */
    public final double @Nullable [] outputRatio() {
        return a.outputRatio == null ? null : a.outputRatio.clone();
    }

    /** Returns whether indices are returned too: always false; see {@link FractionalMaxPoolNdWithIndices}. */
    public final boolean returnIndices() {
        return false;
    }
}
