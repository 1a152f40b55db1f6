package org.jtorch.nn.loss;

import org.jtorch.Tensor;

/** A measure of how far a model's output is from its target. */
public abstract class Loss extends AnyLoss<Loss.Input> {

    /**
     * What a loss takes.
     *
     * @param input the model's output
     * @param target what it should be
     */
    public record Input(Tensor input, Tensor target) {}

    Loss(LossOptions<?> options) {
        super(options);
    }

    /**
     * Returns the loss; see {@link #call(Object)}.
     *
     * @param input the model's output
     * @param target what it should be
     * @return a scalar, or, unreduced, the elements' losses
     */
    public final Tensor call(Tensor input, Tensor target) {
        return call(new Input(input, target));
    }
}
