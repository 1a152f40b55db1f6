package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.Reduction;

/**
 * Cross entropy of probabilities: {@code -w (y log(x) + (1 - y) log(1 - x))}. Logarithms less than -100 are replaced by -100.
 *
 * <p>Input and target: any shape, the same for both, with values from 0 to 1. Output: a scalar, or a tensor with the shape of
 * the input if the loss is not reduced.
 *
 * <p>Buffer: {@code weight}, if it is given. It must be broadcastable to the input.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.BCELoss.html">torch.nn.BCELoss</a>
 */
public class BCELoss extends WeightedLoss {

    /** Creates a loss that is the unweighted mean. */
    public BCELoss() {
        this(o -> {});
    }

    /** Creates a loss with the given reduction. */
    public BCELoss(Reduction reduction) {
        this(o -> o.reduction(reduction));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public BCELoss(Consumer<PlainWeightOptions> options) {
        super(Customized.of(new PlainWeightOptions(), options));
    }

    @Override
    protected Tensor forward(Input in) {
        return F.binaryCrossEntropy(in.input(), in.target(), weight, reduction);
    }
}
