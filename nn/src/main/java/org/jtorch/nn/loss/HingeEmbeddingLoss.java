package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.Reduction;

/**
 * {@code x} where the target is 1, {@code max(0, margin - x)} where it is -1.
 *
 * <p>Input and target: any and the same shape. Result: a scalar, or, unreduced, shaped as the input.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.HingeEmbeddingLoss.html">torch.nn.HingeEmbeddingLoss</a>
 */
public class HingeEmbeddingLoss extends Loss {

    /** The optional arguments of {@link HingeEmbeddingLoss}. */
    public static final class Options extends LossOptions<Options> {
        private double margin = 1.0;

        /** How far apart is far enough; default 1. */
        public Options margin(double newMargin) {
            margin = newMargin;
            return this;
        }
    }

    private double margin;

    /** With the default options. */
    public HingeEmbeddingLoss() {
        this(o -> {});
    }

    /** With a reduction. */
    public HingeEmbeddingLoss(Reduction reduction) {
        this(o -> o.reduction(reduction));
    }

    /** With a margin. */
    public HingeEmbeddingLoss(double margin) {
        this(o -> o.margin(margin));
    }

    /**
     * Creates one with the options that {@code options} sets.
     */
    public HingeEmbeddingLoss(Consumer<Options> options) {
        this(Customized.of(new Options(), options));
    }

    private HingeEmbeddingLoss(Options o) {
        super(o);
        margin = o.margin;
    }

    /** By how much elements whose target is -1 should be greater than zero. */
    public final double margin() {
        return margin;
    }

    /** Sets {@link #margin()}. */
    public final void margin(double newMargin) {
        margin = newMargin;
    }

    @Override
    protected Tensor forward(Input in) {
        return F.hingeEmbeddingLoss(in.input(), in.target(), margin, reduction);
    }
}
