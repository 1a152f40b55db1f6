package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.Reduction;

/**
 * Cross entropy of logits, averaged over the classes: {@code -w (y log(sigmoid(x)) + (1 - y) log(sigmoid(-x)))}.
 *
 * <p>Input: {@code (N, C)}. Target: 0 or 1, of the same shape. Output: a scalar, or {@code (N)} if the loss is not reduced.
 *
 * <p>Buffer: {@code weight}, if it is given. It must be broadcastable to the input.
 *
 * @see <a
 *     href="https://pytorch.org/docs/stable/generated/torch.nn.MultiLabelSoftMarginLoss.html">torch.nn.MultiLabelSoftMarginLoss</a>
 */
public class MultiLabelSoftMarginLoss extends WeightedLoss {

    /** Creates a loss that is the unweighted mean. */
    public MultiLabelSoftMarginLoss() {
        this(o -> {});
    }

    /** Creates a loss with the given reduction. */
    public MultiLabelSoftMarginLoss(Reduction reduction) {
        this(o -> o.reduction(reduction));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public MultiLabelSoftMarginLoss(Consumer<PlainWeightOptions> options) {
        super(Customized.of(new PlainWeightOptions(), options));
    }

    @Override
    protected Tensor forward(Input in) {
        return F.multilabelSoftMarginLoss(in.input(), in.target(), weight, reduction);
    }
}
