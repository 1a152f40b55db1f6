package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;

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

    /** The optional arguments of a loss of two outputs. */
    public static final class Options extends LossOptions<Options> {
        private double margin;

        /** How far the outputs should stand apart, or how alike they may be, without a loss; default 0. */
        public Options margin(double newMargin) {
            margin = newMargin;
            return this;
        }
    }

    double margin;

    PairLoss(Consumer<Options> options) {
        this(Customized.of(new Options(), options));
    }

    private PairLoss(Options o) {
        super(o);
        margin = o.margin;
    }

    /** How far the outputs should stand apart, or how alike they may be, without a loss. */
    public final double margin() {
        return margin;
    }

    /** Sets {@link #margin()}. */
    public final void margin(double newMargin) {
        margin = newMargin;
    }

    /** Returns the loss; see {@link #call(Object)}. */
    public final Tensor call(Tensor input1, Tensor input2, Tensor target) {
        return call(new Input(input1, input2, target));
    }
}
