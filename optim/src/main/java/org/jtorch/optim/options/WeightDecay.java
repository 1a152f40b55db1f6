package org.jtorch.optim.options;

/**
 * Options with a weight decay. The class of the optimizer says what it does, and what the default is.
 *
 * @param <S> the options class itself
 */
public interface WeightDecay<S> extends OptionAccess<S> {

    /**
     * Sets the weight decay.
     *
     * @throws IllegalArgumentException if it is negative or not a number
     */
    default S weightDecay(double value) {
        return set("weight_decay", value);
    }

    /** Returns the weight decay. */
    default double weightDecay() {
        return number("weight_decay");
    }
}
