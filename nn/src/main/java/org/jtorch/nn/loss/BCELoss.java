package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.Reduction;

/**
 * Cross entropy of probabilities: {@code -w (y log(x) + (1 - y) log(1 - x))}, logarithms below -100 taken for -100.
 *
 * <p>Input and target: any and the same shape, 0 to 1. Result: a scalar, or, unreduced, shaped as the input.
 *
 * <p>Buffer: {@code weight}, which broadcasts with the input, where it is given.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.BCELoss.html">torch.nn.BCELoss</a>
 */
public class BCELoss extends WeightedLoss {

    /** The mean, unweighted. */
    public BCELoss() {
        this(o -> {});
    }

    /** With a reduction. */
    public BCELoss(Reduction reduction) {
        this(o -> o.reduction(reduction));
    }

    /** Creates one with the options that {@code options} sets. */
    public BCELoss(Consumer<PlainWeightOptions> options) {
        super(Customized.of(new PlainWeightOptions(), options));
    }

    @Override
    protected Tensor forward(Input in) {
        return F.binaryCrossEntropy(in.input(), in.target(), weight, reduction);
    }
}
