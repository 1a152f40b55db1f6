package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.Customized;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.Reduction;

/**
 * {@code max(0, -y (x1 - x2) + margin)}: 1 as target asks for a greater x1, -1 for a greater x2.
 *
 * <p>Inputs and target: {@code (N)} or {@code ()}. Result: a scalar, or, unreduced, shaped as they are.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.MarginRankingLoss.html">torch.nn.MarginRankingLoss</a>
 */
public class MarginRankingLoss extends PairLoss {

    /** The optional arguments of {@link MarginRankingLoss}. */
    public static final class Options extends LossOptions<Options> {
        private double margin = 0.0;

        /** By how much the greater should be ahead; default 0. */
        public Options margin(double newMargin) {
            margin = newMargin;
            return this;
        }
    }

    private double margin;

    /** With the default options. */
    public MarginRankingLoss() {
        this(o -> {});
    }

    /** With a reduction. */
    public MarginRankingLoss(Reduction reduction) {
        this(o -> o.reduction(reduction));
    }

    /** With a margin. */
    public MarginRankingLoss(double margin) {
        this(o -> o.margin(margin));
    }

    /**
     * Creates one with the options that {@code options} sets.
     */
    public MarginRankingLoss(Consumer<Options> options) {
        this(Customized.of(new Options(), options));
    }

    private MarginRankingLoss(Options o) {
        super(o);
        margin = o.margin;
    }

    /** By how much the first should be ahead of the second. */
    public final double margin() {
        return margin;
    }

    /** Sets {@link #margin()}. */
    public final void margin(double newMargin) {
        margin = newMargin;
    }

    @Override
    protected Tensor forward(Input in) {
        return F.marginRankingLoss(in.input1(), in.input2(), in.target(), margin, reduction);
    }
}
