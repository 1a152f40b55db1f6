package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.Reduction;

/**
 * Hinge loss for several classes in a sample: the sum of {@code max(0, 1 - (x[j] - x[i])) / C} over the classes j of the target
 * and all other classes i.
 *
 * <p>Input: {@code (N, C)} or {@code (C)}. Target: classes, int64, of the same shape, up to the first -1. Output: a scalar, or
 * {@code (N)} if the loss is not reduced.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.MultiLabelMarginLoss.html">torch.nn.MultiLabelMarginLoss</a>
 */
public class MultiLabelMarginLoss extends Loss {

    /** Creates a loss that is the mean. */
    public MultiLabelMarginLoss() {
        this(o -> {});
    }

    /** Creates a loss with the given reduction. */
    public MultiLabelMarginLoss(Reduction reduction) {
        this(o -> o.reduction(reduction));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public MultiLabelMarginLoss(Consumer<PlainOptions> options) {
        super(Customized.of(new PlainOptions(), options));
    }

    @Override
    protected Tensor forward(Input in) {
        return F.multilabelMarginLoss(in.input(), in.target(), reduction);
    }
}
