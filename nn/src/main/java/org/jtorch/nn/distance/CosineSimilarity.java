package org.jtorch.nn.distance;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.functional.F;

/**
 * The cosine of the angle between two tensors along a dimension, {@code x1 x2 / max(|x1| |x2|, eps)}: two tensors
 * {@code (*, D, *)} to {@code (*, *)}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.CosineSimilarity.html">torch.nn.CosineSimilarity</a>
 */
public class CosineSimilarity extends Distance {

    /** The optional arguments of {@link CosineSimilarity}. */
    public static final class Options {
        private long dim = 1;
        private double eps = 1e-8;

        /** Sets the dimension; the default is 1. */
        public Options dim(long newDim) {
            dim = newDim;
            return this;
        }

        /** Sets the least value of the product of the norms, which replaces smaller ones; the default is 1e-8. */
        public Options eps(double newEps) {
            eps = newEps;
            return this;
        }
    }

    private long dim;
    private double eps;

    /** Creates a similarity along dimension 1. */
    public CosineSimilarity() {
        this(o -> {});
    }

    /** Creates a similarity along a dimension. */
    public CosineSimilarity(long dim) {
        this(o -> o.dim(dim));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public CosineSimilarity(Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
        dim = o.dim;
        eps = o.eps;
    }

    /** Returns the dimension. */
    public final long dim() {
        return dim;
    }

    /** Sets {@link #dim()}. */
    public final void dim(long newDim) {
        dim = newDim;
    }

    /** Returns the least value of the product of the norms, which replaces smaller ones. */
    public final double eps() {
        return eps;
    }

    /** Sets {@link #eps()}. */
    public final void eps(double newEps) {
        eps = newEps;
    }

    @Override
    protected Tensor forward(Input in) {
        return F.cosineSimilarity(in.x1(), in.x2(), dim, eps);
    }
}
