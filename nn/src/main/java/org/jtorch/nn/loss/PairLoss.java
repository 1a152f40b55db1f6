package org.jtorch.nn.loss;

import org.jtorch.Tensor;

/** A measure of how two outputs stand to each other. */
public abstract class PairLoss extends AnyLoss<PairLoss.Input> {

    /**
     * What such a loss takes.
     *
     * @param input1 an output
     * @param input2 another, of the same shape
     * @param target how they should stand to each other, 1 or -1
     */
    public record Input(Tensor input1, Tensor input2, Tensor target) {}

    PairLoss(LossOptions<?> options) {
        super(options);
    }

    /** The loss: {@link #call(Object)}. */
    public final Tensor call(Tensor input1, Tensor input2, Tensor target) {
        return call(new Input(input1, input2, target));
    }
}
