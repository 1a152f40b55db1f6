package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.Reduction;

/**
 * Negative log likelihood of a normal distribution whose variance is also an output of the model:
 * {@code (log(max(var, eps)) + (x - y)^2 / max(var, eps)) / 2}.
 *
 * <p>Input: {@code (N, *)} or {@code (*)}. Target: the same shape, or one that can be broadcast. Variance: the same shape, the
 * same shape with 1 for one dimension, or without the last dimension. Output: a scalar, or a tensor with the shape of the input
 * if the loss is not reduced.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.GaussianNLLLoss.html">torch.nn.GaussianNLLLoss</a>
 * @see <a href="https://doi.org/10.1109/ICNN.1994.374138">Estimating the mean and variance of the target probability
 *     distribution, Nix and Weigend 1994</a>
 */
public class GaussianNLLLoss extends AnyLoss<GaussianNLLLoss.Input> {

    /**
     * The input of the loss.
     *
     * @param input the means
     * @param target the expected values
     * @param var the variances, which must not be negative
     */
    public record Input(Tensor input, Tensor target, Tensor var) {}

    /** The optional arguments of {@link GaussianNLLLoss}. */
    public static final class Options extends LossOptions<Options> {
        private boolean full;
        private double eps = 1e-6;

        /** Sets whether {@code log(2 pi) / 2} is added; the default is {@code false}. */
        public Options full(boolean newFull) {
            full = newFull;
            return this;
        }

        /** Sets the least variance, which replaces smaller ones; the default is 1e-6. */
        public Options eps(double newEps) {
            eps = newEps;
            return this;
        }
    }

    private boolean full;
    private double eps;

    /** Creates a loss that is the mean. */
    public GaussianNLLLoss() {
        this(o -> {});
    }

    /** Creates a loss with the given reduction. */
    public GaussianNLLLoss(Reduction reduction) {
        this(o -> o.reduction(reduction));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public GaussianNLLLoss(Consumer<Options> options) {
        this(Customized.of(new Options(), options));
    }

    private GaussianNLLLoss(Options o) {
        super(o);
        full = o.full;
        eps = o.eps;
    }

    /** Returns the loss; see {@link #call(Object)}. */
    public final Tensor call(Tensor input, Tensor target, Tensor var) {
        return call(new Input(input, target, var));
    }

    /** Returns the loss with the same variance for all elements. */
    public final Tensor call(Tensor input, Tensor target, double var) {
        return call(new Input(input, target, Torch.fullLike(input, var)));
    }

    /** Returns whether {@code log(2 pi) / 2} is added. */
    public final boolean full() {
        return full;
    }

    /** Sets {@link #full()}. */
    public final void full(boolean newFull) {
        full = newFull;
    }

    /** Returns the least variance, which replaces smaller ones. */
    public final double eps() {
        return eps;
    }

    /** Sets {@link #eps()}. */
    public final void eps(double newEps) {
        eps = newEps;
    }

    @Override
    protected Tensor forward(Input in) {
        return F.gaussianNllLoss(in.input(), in.target(), in.var(), full, eps, reduction);
    }
}
