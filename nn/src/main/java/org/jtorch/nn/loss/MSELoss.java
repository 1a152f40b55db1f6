package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.Reduction;

/**
 * Squared error: {@code (x - y)^2}.
 *
 * <p>Input and target: any shape, the same for both. Output: a scalar, or a tensor with the shape of the input if the loss is
 * not reduced.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.MSELoss.html">torch.nn.MSELoss</a>
 */
public class MSELoss extends Loss {

    /** Creates a loss that is the mean. */
    public MSELoss() {
        this(o -> {});
    }

    /** Creates a loss with the given reduction. */
    public MSELoss(Reduction reduction) {
        this(o -> o.reduction(reduction));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public MSELoss(Consumer<PlainOptions> options) {
        super(Customized.of(new PlainOptions(), options));
    }

    @Override
    protected Tensor forward(Input in) {
        return F.mseLoss(in.input(), in.target(), reduction);
    }
}
