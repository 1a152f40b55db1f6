package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.Reduction;

/**
 * {@code max(0, -y (x1 - x2) + margin)}. The target y is 1 if x1 should be greater, and -1 if x2 should be greater.
 *
 * <p>Inputs and target: {@code (N)} or {@code ()}. Output: a scalar, or a tensor of the same shape if the loss is not reduced.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.MarginRankingLoss.html">torch.nn.MarginRankingLoss</a>
 */
public class MarginRankingLoss extends PairLoss {

    /** Creates a loss with the default options. */
    public MarginRankingLoss() {
        this(o -> {});
    }

    /** Creates a loss with the given reduction. */
    public MarginRankingLoss(Reduction reduction) {
        this(o -> o.reduction(reduction));
    }

    /** Creates a loss with the given margin, by which the greater input should exceed the other. */
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
