package org.jtorch.nn.loss;

import org.jtorch.Tensor;

/** A measure of how far a model's output is from its target. */
public abstract class Loss extends AnyLoss<Loss.Input> {

    /**
     * The input of a loss.
     *
     * @param input the output of the model
     * @param target the expected output
     */
    public record Input(Tensor input, Tensor target) {}

    Loss(LossOptions<?> options) {
        super(options);
    }

    /**
     * Returns the loss; see {@link #call(Object)}.
     *
     * @param input the output of the model
     * @param target the expected output
     * @return a scalar, or the losses of the elements if the loss is not reduced
     */
    public final Tensor call(Tensor input, Tensor target) {
        return call(new Input(input, target));
    }
}
