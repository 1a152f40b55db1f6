package org.jtorch.optim.options;

/**
 * Options with the decay rates of two running averages.
 *
 * @param <S> the options class itself
 */
public interface Betas<S> extends OptionAccess<S> {

    /**
     * Sets the decay rates of the running averages.
     *
     * @param beta1 the rate of the average of the gradient
     * @param beta2 the rate of the average of its square, or of its absolute value if the optimizer says so
     * @throws IllegalArgumentException if one is less than 0, is at least 1 or is not a number
     */
    default S betas(double beta1, double beta2) {
        return set("betas", new double[] {beta1, beta2});
    }

    /** Returns the decay rate of the average of the gradient. */
    default double beta1() {
        return number("betas", 0);
    }

    /** Returns the decay rate of the second average. */
    default double beta2() {
        return number("betas", 1);
    }
}
