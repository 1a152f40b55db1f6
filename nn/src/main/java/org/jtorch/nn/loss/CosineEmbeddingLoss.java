package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.Reduction;

/**
 * {@code 1 - cos(x1, x2)} if the target is 1, {@code max(0, cos(x1, x2) - margin)} if it is -1.
 *
 * <p>Inputs: {@code (N, D)} or {@code (D)}. Target: {@code (N)} or {@code ()}. Output: a scalar, or a tensor with the shape of
 * the target if the loss is not reduced.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.CosineEmbeddingLoss.html">torch.nn.CosineEmbeddingLoss</a>
 */
public class CosineEmbeddingLoss extends PairLoss {

    /** Creates a loss with the default options. */
    public CosineEmbeddingLoss() {
        this(o -> {});
    }

    /** Creates a loss with the given reduction. */
    public CosineEmbeddingLoss(Reduction reduction) {
        this(o -> o.reduction(reduction));
    }

    /**
     * Creates a loss with the given margin, from -1 to 1. Dissimilar inputs have no loss if their similarity is at most the
     * margin.
     */
    public CosineEmbeddingLoss(double margin) {
        this(o -> o.margin(margin));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public CosineEmbeddingLoss(Consumer<Options> options) {
        super(options);
    }

    @Override
    protected Tensor forward(Input in) {
        return F.cosineEmbeddingLoss(in.input1(), in.input2(), in.target(), margin, reduction);
    }
}
