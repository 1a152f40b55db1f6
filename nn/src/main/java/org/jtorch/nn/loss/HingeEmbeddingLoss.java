package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.Reduction;

/**
 * {@code x} if the target is 1, {@code max(0, margin - x)} if it is -1.
 *
 * <p>Input and target: any shape, the same for both. Output: a scalar, or a tensor with the shape of the input if the loss is
 * not reduced.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.HingeEmbeddingLoss.html">torch.nn.HingeEmbeddingLoss</a>
 */
public class HingeEmbeddingLoss extends Loss {

    /** The optional arguments of {@link HingeEmbeddingLoss}. */
    public static final class Options extends LossOptions<Options> {
        private double margin = 1.0;

        /** Sets the margin; the default is 1. */
        public Options margin(double newMargin) {
            margin = newMargin;
            return this;
        }
    }

    private double margin;

    /** Creates a loss with the default options. */
    public HingeEmbeddingLoss() {
        this(o -> {});
    }

    /** Creates a loss with the given reduction. */
    public HingeEmbeddingLoss(Reduction reduction) {
        this(o -> o.reduction(reduction));
    }

    /** Creates a loss with the given margin. */
    public HingeEmbeddingLoss(double margin) {
        this(o -> o.margin(margin));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public HingeEmbeddingLoss(Consumer<Options> options) {
        this(Customized.of(new Options(), options));
    }

    private HingeEmbeddingLoss(Options o) {
        super(o);
        margin = o.margin;
    }

    /** Returns the margin that elements with target -1 should exceed. */
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
