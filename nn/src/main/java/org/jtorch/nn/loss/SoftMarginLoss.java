package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.Reduction;

/**
 * {@code log(1 + exp(-y x))} for targets 1 and -1.
 *
 * <p>Input and target: any shape, the same for both. Output: a scalar, or a tensor with the shape of the input if the loss is
 * not reduced.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.SoftMarginLoss.html">torch.nn.SoftMarginLoss</a>
 */
public class SoftMarginLoss extends Loss {

    /** Creates a loss that is the mean. */
    public SoftMarginLoss() {
        this(o -> {});
    }

    /** Creates a loss with the given reduction. */
    public SoftMarginLoss(Reduction reduction) {
        this(o -> o.reduction(reduction));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public SoftMarginLoss(Consumer<PlainOptions> options) {
        super(Customized.of(new PlainOptions(), options));
    }

    @Override
    protected Tensor forward(Input in) {
        return F.softMarginLoss(in.input(), in.target(), reduction);
    }
}
