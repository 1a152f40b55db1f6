package org.jtorch.nn.pooling;

import org.jspecify.annotations.Nullable;

/** What adaptive poolings by maxima share. */
public abstract class AdaptiveMaxPoolNd extends AdaptivePoolNd {

    AdaptiveMaxPoolNd(int dims, @Nullable Number... outputSize) {
        super(dims, outputSize);
    }

    /** Returns whether the places are given too: no, {@link AdaptiveMaxPoolNdWithIndices} does. */
    public final boolean returnIndices() {
        return false;
    }
}
