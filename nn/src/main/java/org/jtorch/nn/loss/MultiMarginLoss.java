package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.Reduction;

/**
 * Hinge loss over classes: the sum of {@code w[y] max(0, margin - x[y] + x[i])^p / C} over all classes i except that of the
 * target.
 *
 * <p>Input: {@code (N, C)} or {@code (C)}. Target: classes, int64, {@code (N)} or {@code ()}. Output: a scalar, or a tensor
 * with the shape of the target if the loss is not reduced.
 *
 * <p>Buffer: {@code weight} (C), if it is given.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.MultiMarginLoss.html">torch.nn.MultiMarginLoss</a>
 */
public class MultiMarginLoss extends WeightedLoss {

    /** The optional arguments of {@link MultiMarginLoss}. */
    public static final class Options extends WeightOptions<Options> {
        private long p = 1;
        private double margin = 1.0;

        /** Sets the exponent, 1 or 2; the default is 1. */
        public Options p(long newP) {
            p = newP;
            return this;
        }

        /** Sets the margin by which the score of the correct class should exceed the others; the default is 1. */
        public Options margin(double newMargin) {
            margin = newMargin;
            return this;
        }
    }

    private long p;
    private double margin;

    /** Creates a loss with the default options. */
    public MultiMarginLoss() {
        this(o -> {});
    }

    /** Creates a loss with the given reduction. */
    public MultiMarginLoss(Reduction reduction) {
        this(o -> o.reduction(reduction));
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @throws IllegalArgumentException if {@code p} is neither 1 nor 2, or the weight is not one-dimensional
     */
    public MultiMarginLoss(Consumer<Options> options) {
        this(Customized.of(new Options(), options));
    }

    private MultiMarginLoss(Options o) {
        super(o);
        checkExponent(o.p);
        if (o.weight != null && o.weight.dim() != 1) {
            throw new IllegalArgumentException(
                    "MultiMarginLoss: expected weight to be None or 1D tensor, got " + o.weight.dim() + "D instead");
        }
        p = o.p;
        margin = o.margin;
    }

    private static void checkExponent(long p) {
        if (p != 1 && p != 2) {
            throw new IllegalArgumentException("only p == 1 and p == 2 supported, but p is " + p);
        }
    }

    /** Returns the exponent, 1 or 2. */
    public final long p() {
        return p;
    }

    /**
     * Sets {@link #p()}.
     *
     * @throws IllegalArgumentException if it is neither 1 nor 2
     */
    public final void p(long newP) {
        checkExponent(newP);
        p = newP;
    }

    /** Returns the margin by which the score of the correct class should exceed the others. */
    public final double margin() {
        return margin;
    }

    /** Sets {@link #margin()}. */
    public final void margin(double newMargin) {
        margin = newMargin;
    }

    @Override
    protected Tensor forward(Input in) {
        return F.multiMarginLoss(in.input(), in.target(), p, margin, weight, reduction);
    }
}
