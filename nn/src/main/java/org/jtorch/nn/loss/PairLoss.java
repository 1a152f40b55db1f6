package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;

/** A measure of the relation between two outputs. */
public abstract class PairLoss extends AnyLoss<PairLoss.Input> {

    /**
     * The input of such a loss.
     *
     * @param input1 the first output
     * @param input2 the second output, of the same shape
     * @param target the expected relation, 1 or -1
     */
    public record Input(Tensor input1, Tensor input2, Tensor target) {}

    /** The optional arguments of a loss of two outputs. */
    public static final class Options extends LossOptions<Options> {
        private double margin;

        /** Sets the margin within which there is no loss; the default is 0. */
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

    /** Returns the margin within which there is no loss. */
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
