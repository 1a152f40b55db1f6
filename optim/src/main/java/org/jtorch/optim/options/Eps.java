package org.jtorch.optim.options;

/**
 * Options with a small number that keeps a divisor from zero.
 *
 * @param <S> the options class itself
 */
public interface Eps<S> extends OptionAccess<S> {

    /**
     * Sets the number that is added to the divisor.
     *
     * @throws IllegalArgumentException if it is negative or not a number
     */
    default S eps(double value) {
        return set("eps", value);
    }

    /** Returns the number that is added to the divisor. */
    default double eps() {
        return number("eps");
    }
}
