package org.jtorch.nn.pooling;

import org.jspecify.annotations.Nullable;

/** The base class of adaptive max poolings. */
public abstract class AdaptiveMaxPoolNd extends AdaptivePoolNd {

    AdaptiveMaxPoolNd(int dims, @Nullable Number... outputSize) {
        super(dims, outputSize);
    }

    /** Returns whether indices are returned too: always false; see {@link AdaptiveMaxPoolNdWithIndices}. */
    public final boolean returnIndices() {
        return false;
    }
}
