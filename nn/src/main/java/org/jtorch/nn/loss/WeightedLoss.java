package org.jtorch.nn.loss;

import org.jspecify.annotations.Nullable;
import org.jtorch.nn.Buffer;

/**
 * A {@link Loss} with weights.
 *
 * <p>Buffer: {@code weight}, if it is given.
 */
public abstract class WeightedLoss extends Loss {

    /** The weights, or null. */
    public @Nullable Buffer weight;

    WeightedLoss(WeightOptions<?> options) {
        super(options);
        weight = buffer(options.weight);
    }
}
