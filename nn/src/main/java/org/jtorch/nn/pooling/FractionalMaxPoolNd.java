package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.nn.Buffer;
import org.jtorch.nn.Layer;
import org.jtorch.nn.Name;

/** What fractional max poolings share that give values only. */
public abstract class FractionalMaxPoolNd extends Layer {

    final FractionalMaxPoolArguments a;

    /** Where the windows stand: (N, C, dims), or null where it is drawn at each call. */
    @Name("_random_samples")
    public @Nullable Buffer randomSamples;

    FractionalMaxPoolNd(int dims, long[] kernelSize, Consumer<FractionalMaxPoolOptions> options) {
        a = new FractionalMaxPoolArguments(dims, kernelSize, options);
        randomSamples = a.randomSamples;
    }
}
