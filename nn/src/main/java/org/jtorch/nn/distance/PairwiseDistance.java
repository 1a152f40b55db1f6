package org.jtorch.nn.distance;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.functional.F;

/**
 * The norm of {@code x1 - x2 + eps} along the last dimension: two tensors {@code (N, D)} or {@code (D)} to {@code (N)} or
 * {@code ()}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.PairwiseDistance.html">torch.nn.PairwiseDistance</a>
 */
public class PairwiseDistance extends Distance {

    /** The optional arguments of {@link PairwiseDistance}. */
    public static final class Options {
        private double p = 2.0;
        private double eps = 1e-6;
        private boolean keepdim;

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

        /** Sets whether the last dimension is kept with size 1; the default is {@code false}. */
        public Options keepdim(boolean newKeepdim) {
            keepdim = newKeepdim;
            return this;
        }
    }

    private double norm;
    private double eps;
    private boolean keepdim;

    /** Creates the Euclidean distance. */
    public PairwiseDistance() {
        this(o -> {});
    }

    /** Creates the distance by the norm with exponent {@code p}. */
    public PairwiseDistance(double p) {
        this(o -> o.p(p));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public PairwiseDistance(Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
        norm = o.p;
        eps = o.eps;
        keepdim = o.keepdim;
    }

    /** Returns the exponent {@code p} of the norm. PyTorch's attribute has this name. */
    public final double norm() {
        return norm;
    }

    /** Sets {@link #norm()}. */
    public final void norm(double newNorm) {
        norm = newNorm;
    }

    /** Returns the number that is added so that there is a gradient at zero. */
    public final double eps() {
        return eps;
    }

    /** Sets {@link #eps()}. */
    public final void eps(double newEps) {
        eps = newEps;
    }

    /** Returns whether the last dimension is kept with size 1. */
    public final boolean keepdim() {
        return keepdim;
    }

    /** Sets {@link #keepdim()}. */
    public final void keepdim(boolean newKeepdim) {
        keepdim = newKeepdim;
    }

    @Override
    protected Tensor forward(Input in) {
        return F.pairwiseDistance(in.x1(), in.x2(), norm, eps, keepdim);
    }
}
