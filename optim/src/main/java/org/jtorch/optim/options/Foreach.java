package org.jtorch.optim.options;

import org.jspecify.annotations.Nullable;

/**
 * Options of an optimizer that can change many tensors with one call of the engine.
 *
 * @param <S> the options class itself
 */
public interface Foreach<S> extends OptionAccess<S> {

    /**
     * Sets whether each operator is called once for all tensors of the same dtype and device, instead of once for each tensor.
     * Both ways give the same values. The default is null: the optimizer chooses, which is one call for many small tensors, and a call
     * for each large one.
     */
    default S foreach(@Nullable Boolean value) {
        return set("foreach", value);
    }

    /** Returns whether each operator is called once for all tensors; null if the optimizer chooses. */
    default @Nullable Boolean foreach() {
        return (Boolean) get("foreach");
    }
}
