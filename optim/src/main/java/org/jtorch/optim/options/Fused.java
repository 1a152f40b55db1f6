package org.jtorch.optim.options;

import org.jspecify.annotations.Nullable;

/**
 * Options of an optimizer for which the engine has one kernel that computes a whole step.
 *
 * @param <S> the options class itself
 */
public interface Fused<S> extends OptionAccess<S> {

    /**
     * Sets whether the kernel is used. Parameters that it does not support are changed by plain operators in any case: it takes
     * dense tensors of float32 and float64 on the CPU, if gradient and state have the same layout in memory as the parameter.
     * The default is null: the kernel is used. PyTorch uses it only if the option is true. Its values differ from those of the
     * plain operators in the last digits.
     */
    default S fused(@Nullable Boolean value) {
        return set("fused", value);
    }

    /** Returns whether the kernel is used; null if the optimizer chooses. */
    default @Nullable Boolean fused() {
        return (Boolean) get("fused");
    }
}
