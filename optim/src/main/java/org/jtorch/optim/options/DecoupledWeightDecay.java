package org.jtorch.optim.options;

/**
 * Options of an optimizer whose weight decay may be decoupled from the gradient.
 *
 * @param <S> the options class itself
 */
public interface DecoupledWeightDecay<S> extends OptionAccess<S> {

    /**
     * Sets whether the weight decay is decoupled from the gradient: it then makes the parameter smaller before the step, instead of
     * being added to the gradient. The default is false.
     */
    default S decoupledWeightDecay(boolean value) {
        return set("decoupled_weight_decay", value);
    }

    /** Returns whether the weight decay is decoupled from the gradient. */
    default boolean decoupledWeightDecay() {
        return flag("decoupled_weight_decay");
    }
}
