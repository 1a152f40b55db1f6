package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.Reduction;

/**
 * Squared error for small errors and absolute error for large ones: {@code (x - y)^2 / (2 beta)} if {@code |x - y| < beta},
 * otherwise {@code |x - y| - beta / 2}.
 *
 * <p>Input and target: any shape, the same for both. Output: a scalar, or a tensor with the shape of the input if the loss is
 * not reduced.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.SmoothL1Loss.html">torch.nn.SmoothL1Loss</a>
 */
public class SmoothL1Loss extends Loss {

    /** The optional arguments of {@link SmoothL1Loss}. */
    public static final class Options extends LossOptions<Options> {
        private double beta = 1.0;

        /** Sets the error from which on the loss is absolute instead of squared; the default is 1. */
        public Options beta(double newBeta) {
            beta = newBeta;
            return this;
        }
    }

    private double beta;

    /** Creates a loss with the default options. */
    public SmoothL1Loss() {
        this(o -> {});
    }

    /** Creates a loss with the given reduction. */
    public SmoothL1Loss(Reduction reduction) {
        this(o -> o.reduction(reduction));
    }

    /** Creates a loss that is squared for errors less than {@code delta}. */
    public SmoothL1Loss(double beta) {
        this(o -> o.beta(beta));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public SmoothL1Loss(Consumer<Options> options) {
        this(Customized.of(new Options(), options));
    }

    private SmoothL1Loss(Options o) {
        super(o);
        beta = o.beta;
    }

    /** Returns the error from which on the loss is absolute instead of squared. */
    public final double beta() {
        return beta;
    }

    /** Sets {@link #beta()}. */
    public final void beta(double newBeta) {
        beta = newBeta;
    }

    @Override
    protected Tensor forward(Input in) {
        return F.smoothL1Loss(in.input(), in.target(), reduction, beta);
    }
}
