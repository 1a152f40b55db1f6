package org.jtorch.nn.pooling;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.Layer;

/** What adaptive poolings by maxima share. */
public abstract class AdaptiveMaxPoolNd extends Layer {

    private final OutputSize outputSize;

    AdaptiveMaxPoolNd(int dims, @Nullable Number... outputSize) {
        this.outputSize = new OutputSize(dims, outputSize);
    }

    /** The pooling to a size. */
    abstract Tensor pool(Tensor x, long[] size);

    @Override
    protected Tensor forward(Tensor x) {
        return pool(x, outputSize.of(x));
    }

    @Override
    protected String extraRepr() {
        return outputSize.toString();
    }
}
