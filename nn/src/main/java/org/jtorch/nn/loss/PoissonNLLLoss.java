package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.Reduction;

/**
 * Negative log likelihood of counts with a Poisson distribution: {@code exp(x) - y x}, or {@code x - y log(x + eps)} if the
 * input is not logarithms.
 *
 * <p>Input and target: any shape, the same for both. Output: a scalar, or a tensor with the shape of the input if the loss is
 * not reduced.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.PoissonNLLLoss.html">torch.nn.PoissonNLLLoss</a>
 */
public class PoissonNLLLoss extends Loss {

    /** The optional arguments of {@link PoissonNLLLoss}. */
    public static final class Options extends LossOptions<Options> {
        private boolean logInput = true;
        private boolean full;
        private double eps = 1e-8;

        /** Sets whether the input is the logarithm of the expected count; the default is {@code true}. */
        public Options logInput(boolean newLogInput) {
            logInput = newLogInput;
            return this;
        }

        /** Sets whether Stirling's approximation of {@code log(y!)} is added; the default is {@code false}. */
        public Options full(boolean newFull) {
            full = newFull;
            return this;
        }

        /** Sets the number added to an expected count before its logarithm is taken; the default is 1e-8. */
        public Options eps(double newEps) {
            eps = newEps;
            return this;
        }
    }

    private boolean logInput;
    private boolean full;
    private double eps;

    /** Creates a loss with the default options. */
    public PoissonNLLLoss() {
        this(o -> {});
    }

    /** Creates a loss with the given reduction. */
    public PoissonNLLLoss(Reduction reduction) {
        this(o -> o.reduction(reduction));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public PoissonNLLLoss(Consumer<Options> options) {
        this(Customized.of(new Options(), options));
    }

    private PoissonNLLLoss(Options o) {
        super(o);
        logInput = o.logInput;
        full = o.full;
        eps = o.eps;
    }

    /** Returns whether the input is the logarithm of the expected count. */
    public final boolean logInput() {
        return logInput;
    }

    /** Sets {@link #logInput()}. */
    public final void logInput(boolean newLogInput) {
        logInput = newLogInput;
    }

    /** Returns whether Stirling's approximation of {@code log(y!)} is added. */
    public final boolean full() {
        return full;
    }

    /** Sets {@link #full()}. */
    public final void full(boolean newFull) {
        full = newFull;
    }

    /** Returns the number added to an expected count before its logarithm is taken. */
    public final double eps() {
        return eps;
    }

    /** Sets {@link #eps()}. */
    public final void eps(double newEps) {
        eps = newEps;
    }

    @Override
    protected Tensor forward(Input in) {
        return F.poissonNllLoss(in.input(), in.target(), logInput, full, eps, reduction);
    }
}
