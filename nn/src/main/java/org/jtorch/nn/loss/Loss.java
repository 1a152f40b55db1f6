package org.jtorch.nn.loss;

import org.jtorch.Tensor;
import org.jtorch.nn.Module;
import org.jtorch.nn.Reduction;

/** A measure of how far a model's output is from its target. */
public abstract class Loss extends Module<Loss.Input, Tensor> {

    /**
     * What a loss takes.
     *
     * @param input the model's output
     * @param target what it should be
     */
    public record Input(Tensor input, Tensor target) {}

    /**
     * The optional arguments that all losses have.
     *
     * @param <S> the options class itself, so that calls chain
     */
    public abstract static class Options<S extends Options<S>> {
        private Reduction reduction = Reduction.MEAN;

        Options() {}

        /** What to do with the elements' losses; default: their mean. */
        public S reduction(Reduction newReduction) {
            reduction = newReduction;
            return self();
        }

        /** This object. */
        abstract S self();
    }

    /** What to do with the elements' losses. */
    public final Reduction reduction;

    Loss(Options<?> options) {
        reduction = options.reduction;
    }

    /**
     * The loss: {@link #call(Object)}.
     *
     * @param input the model's output
     * @param target what it should be
     * @return a scalar, or, unreduced, the elements' losses
     */
    public final Tensor call(Tensor input, Tensor target) {
        return call(new Input(input, target));
    }
}
