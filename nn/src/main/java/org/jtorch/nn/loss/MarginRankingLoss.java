package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.Reduction;

/**
 * {@code max(0, -y (x1 - x2) + margin)}: 1 as target asks for a greater x1, -1 for a greater x2.
 *
 * <p>Inputs and target: {@code (N)} or {@code ()}. Result: a scalar, or, unreduced, shaped as they are.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.MarginRankingLoss.html">torch.nn.MarginRankingLoss</a>
 */
public class MarginRankingLoss extends PairLoss {

    /** Creates a convolution with the default options. */
    public MarginRankingLoss() {
        this(o -> {});
    }

    /** Creates a loss with the given reduction. */
    public MarginRankingLoss(Reduction reduction) {
        this(o -> o.reduction(reduction));
    }

    /** With a margin: by how much the greater should be ahead. */
    public MarginRankingLoss(double margin) {
        this(o -> o.margin(margin));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public MarginRankingLoss(Consumer<Options> options) {
        super(options);
    }

    @Override
    protected Tensor forward(Input in) {
        return F.marginRankingLoss(in.input1(), in.input2(), in.target(), margin, reduction);
    }
}
