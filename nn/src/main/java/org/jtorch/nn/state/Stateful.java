package org.jtorch.nn.state;

import java.util.Map;

/**
 * A part of a training run whose state can be saved and restored: an optimizer, a scheduler, a gradient scaler, a loader.
 * Modules have these methods too, with their own types.
 */
public interface Stateful {

    /**
     * Returns the state: a map of values that a checkpoint can hold. If it holds tensors, a later {@link #loadStateDict} must not
     * change them.
     */
    Map<String, ?> stateDict();

    /**
     * Restores a state. If it does not fit, nothing is changed.
     *
     * @param stateDict what {@link #stateDict} returned, or the same read from a file
     * @throws IllegalArgumentException if the state does not fit
     */
    void loadStateDict(Map<?, ?> stateDict);
}
