package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jtorch.Tensor;
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

    /** With the default options. */
    public CosineEmbeddingLoss() {
        this(o -> {});
    }

    /** With a reduction. */
    public CosineEmbeddingLoss(Reduction reduction) {
        this(o -> o.reduction(reduction));
    }

    /** With a margin: how alike is still too alike, -1 to 1. */
    public CosineEmbeddingLoss(double margin) {
        this(o -> o.margin(margin));
    }

    /** Creates one with the options that {@code options} sets. */
    public CosineEmbeddingLoss(Consumer<Options> options) {
        super(options);
    }

    @Override
    protected Tensor forward(Input in) {
        return F.cosineEmbeddingLoss(in.input1(), in.input2(), in.target(), margin, reduction);
    }
}
