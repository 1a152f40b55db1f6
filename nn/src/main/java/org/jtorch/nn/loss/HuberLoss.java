package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.Reduction;

/**
 * Squared error for small errors, absolute for great ones: {@code (x - y)^2 / 2} where {@code |x - y| < delta}, else
 * {@code delta (|x - y| - delta / 2)}.
 *
 * <p>Input and target: any and the same shape. Result: a scalar, or, unreduced, shaped as the input.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.HuberLoss.html">torch.nn.HuberLoss</a>
 */
public class HuberLoss extends Loss {

    /** The optional arguments of {@link HuberLoss}. */
    public static final class Options extends LossOptions<Options> {
        private double delta = 1.0;

        /** Sets where squares give way to absolute values; the default is 1. */
        public Options delta(double newDelta) {
            delta = newDelta;
            return this;
        }
    }

    private double delta;

    /** With the default options. */
    public HuberLoss() {
        this(o -> {});
    }

    /** With a reduction. */
    public HuberLoss(Reduction reduction) {
        this(o -> o.reduction(reduction));
    }

    /** With a width of the squares. */
    public HuberLoss(double delta) {
        this(o -> o.delta(delta));
    }

    /**
     * Creates one with the options that {@code options} sets.
     */
    public HuberLoss(Consumer<Options> options) {
        this(Customized.of(new Options(), options));
    }

    private HuberLoss(Options o) {
        super(o);
        delta = o.delta;
    }

    /** Returns where squares give way to absolute values. */
    public final double delta() {
        return delta;
    }

    /** Sets {@link #delta()}. */
    public final void delta(double newDelta) {
        delta = newDelta;
    }

    @Override
    protected Tensor forward(Input in) {
        return F.huberLoss(in.input(), in.target(), reduction, delta, null);
    }
}
