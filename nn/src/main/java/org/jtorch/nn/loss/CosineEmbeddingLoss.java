package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.Customized;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.Reduction;

/**
 * {@code 1 - cos(x1, x2)} where the target is 1, {@code max(0, cos(x1, x2) - margin)} where it is -1.
 *
 * <p>Inputs: {@code (N, D)} or {@code (D)}. Target: {@code (N)} or {@code ()}. Result: a scalar, or, unreduced, shaped as the
 * target.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.CosineEmbeddingLoss.html">torch.nn.CosineEmbeddingLoss</a>
 */
public class CosineEmbeddingLoss extends PairLoss {

    /** The optional arguments of {@link CosineEmbeddingLoss}. */
    public static final class Options extends LossOptions<Options> {
        private double margin = 0.0;

        /** How alike is still too alike, -1 to 1; default 0. */
        public Options margin(double newMargin) {
            margin = newMargin;
            return this;
        }
    }

    private double margin;

    /** With the default options. */
    public CosineEmbeddingLoss() {
        this(o -> {});
    }

    /** With a reduction. */
    public CosineEmbeddingLoss(Reduction reduction) {
        this(o -> o.reduction(reduction));
    }

    /** With a margin. */
    public CosineEmbeddingLoss(double margin) {
        this(o -> o.margin(margin));
    }

    /**
     * Creates one with the options that {@code options} sets.
     */
    public CosineEmbeddingLoss(Consumer<Options> options) {
        this(Customized.of(new Options(), options));
    }

    private CosineEmbeddingLoss(Options o) {
        super(o);
        margin = o.margin;
    }

    /** How alike is still too alike. */
    public final double margin() {
        return margin;
    }

    /** Sets {@link #margin()}. */
    public final void margin(double newMargin) {
        margin = newMargin;
    }

    @Override
    protected Tensor forward(Input in) {
        return F.cosineEmbeddingLoss(in.input1(), in.input2(), in.target(), margin, reduction);
    }
}
