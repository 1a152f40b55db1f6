package org.jtorch.optim.options;

/**
 * Options of an optimizer whose steps can be recorded by autograd.
 *
 * @param <S> the options class itself
 */
public interface Differentiable<S> extends OptionAccess<S> {

    /**
     * Sets whether autograd records the steps, so that gradients flow through them; the default is false. The parameters may then
     * be results of other operations. Each tensor is changed by itself, and values that a later step changes are copied.
     */
    default S differentiable(boolean value) {
        return set("differentiable", value);
    }

    /** Returns whether autograd records the steps. */
    default boolean differentiable() {
        return flag("differentiable");
    }
}
