package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.Reduction;

/**
 * Squared error for small errors and absolute error for large ones: {@code (x - y)^2 / 2} if {@code |x - y| < delta}, otherwise
 * {@code delta (|x - y| - delta / 2)}.
 *
 * <p>Input and target: any shape, the same for both. Output: a scalar, or a tensor with the shape of the input if the loss is
 * not reduced.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.HuberLoss.html">torch.nn.HuberLoss</a>
 */
public class HuberLoss extends Loss {

    /** The optional arguments of {@link HuberLoss}. */
    public static final class Options extends LossOptions<Options> {
        private double delta = 1.0;

        /** Sets the error from which on the loss is absolute instead of squared; the default is 1. */
        public Options delta(double newDelta) {
            delta = newDelta;
            return this;
        }
    }

    private double delta;

    /** Creates a loss with the default options. */
    public HuberLoss() {
        this(o -> {});
    }

    /** Creates a loss with the given reduction. */
    public HuberLoss(Reduction reduction) {
        this(o -> o.reduction(reduction));
    }

    /** Creates a loss that is squared for errors less than {@code delta}. */
    public HuberLoss(double delta) {
        this(o -> o.delta(delta));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public HuberLoss(Consumer<Options> options) {
        this(Customized.of(new Options(), options));
    }

    private HuberLoss(Options o) {
        super(o);
        delta = o.delta;
    }

    /** Returns the error from which on the loss is absolute instead of squared. */
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
