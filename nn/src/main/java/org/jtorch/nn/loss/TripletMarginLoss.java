package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.Reduction;

/**
 * {@code max(0, |a - p| - |a - n| + margin)}.
 *
 * <p>Inputs: {@code (N, D)} or {@code (D)}. Output: a scalar, or {@code (N)} or {@code ()} if the loss is not reduced.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.TripletMarginLoss.html">torch.nn.TripletMarginLoss</a>
 * @see <a href="http://www.bmva.org/bmvc/2016/papers/paper119/index.html">Learning shallow convolutional feature descriptors
 *     with triplet losses, Balntas et al. 2016</a>
 */
public class TripletMarginLoss extends TripletLoss {

    /** The optional arguments of {@link TripletMarginLoss}. */
    public static final class Options extends LossOptions<Options> {
        private double margin = 1.0;
        private double p = 2.0;
        private double eps = 1e-6;
        private boolean swap;

        /** Sets the margin by which the distance of the negative should exceed that of the positive; the default is 1. */
        public Options margin(double newMargin) {
            margin = newMargin;
            return this;
        }

        /** Sets the exponent p of the norm; the default is 2. */
        public Options p(double newP) {
            p = newP;
            return this;
        }

        /** Sets the number that is added so that there is a gradient at zero; the default is 1e-6. */
        public Options eps(double newEps) {
            eps = newEps;
            return this;
        }

        /**
         * Sets whether the distance between positive and negative is used if it is less than that between anchor and negative;
         * the default is {@code false}.
         */
        public Options swap(boolean newSwap) {
            swap = newSwap;
            return this;
        }
    }

    private double p;
    private double eps;
    private boolean swap;

    /** Creates a loss with the default options. */
    public TripletMarginLoss() {
        this(o -> {});
    }

    /** Creates a loss with the given reduction. */
    public TripletMarginLoss(Reduction reduction) {
        this(o -> o.reduction(reduction));
    }

    /** Creates a loss with the given margin. */
    public TripletMarginLoss(double margin) {
        this(o -> o.margin(margin));
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @throws IllegalArgumentException if the margin is not positive
     */
    public TripletMarginLoss(Consumer<Options> options) {
        this(Customized.of(new Options(), options));
    }

    private TripletMarginLoss(Options o) {
        super(o, o.margin);
        p = o.p;
        eps = o.eps;
        swap = o.swap;
    }

    /** Returns the exponent p of the norm. */
    public final double p() {
        return p;
    }

    /** Sets {@link #p()}. */
    public final void p(double newP) {
        p = newP;
    }

    /** Returns the number that is added so that there is a gradient at zero. */
    public final double eps() {
        return eps;
    }

    /** Sets {@link #eps()}. */
    public final void eps(double newEps) {
        eps = newEps;
    }

    /**
     * Returns whether the distance between positive and negative is used if it is less than that between anchor and negative.
     */
    public final boolean swap() {
        return swap;
    }

    /** Sets {@link #swap()}. */
    public final void swap(boolean newSwap) {
        swap = newSwap;
    }

    @Override
    protected Tensor forward(Input in) {
        return F.tripletMarginLoss(in.anchor(), in.positive(), in.negative(), margin, p, eps, swap, reduction);
    }
}
