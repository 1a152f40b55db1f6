package org.jtorch.optim;

import org.jtorch.optim.options.OptimizerOptions;

/** Checks the option {@code fused} against the others. */
final class FusedOptions {

    private FusedOptions() {}

    /**
     * Refuses options that exclude each other.
     *
     * @throws IllegalArgumentException if fused is true together with differentiable or foreach
     */
    static void check(OptimizerOptions<?> options) {
        if (options.flag("fused") && options.flag("differentiable")) {
            throw new IllegalArgumentException("`fused` does not support `differentiable`");
        }
        if (options.flag("fused") && options.flag("foreach")) {
            throw new IllegalArgumentException("`fused` and `foreach` cannot be `True` together.");
        }
    }
}
