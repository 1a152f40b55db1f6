package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.Reduction;

/**
 * {@code log(1 + exp(-y x))} for targets 1 and -1.
 *
 * <p>Input and target: any and the same shape. Result: a scalar, or, unreduced, shaped as the input.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.SoftMarginLoss.html">torch.nn.SoftMarginLoss</a>
 */
public class SoftMarginLoss extends Loss {

    /** The mean. */
    public SoftMarginLoss() {
        this(o -> {});
    }

    /** With a reduction. */
    public SoftMarginLoss(Reduction reduction) {
        this(o -> o.reduction(reduction));
    }

    /** Creates one with the options that {@code options} sets. */
    public SoftMarginLoss(Consumer<PlainOptions> options) {
        super(Customized.of(new PlainOptions(), options));
    }

    @Override
    protected Tensor forward(Input in) {
        return F.softMarginLoss(in.input(), in.target(), reduction);
    }
}
