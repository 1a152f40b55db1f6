package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.Reduction;

/**
 * Absolute error: {@code |x - y|}.
 *
 * <p>Input and target: any shape, the same for both. Output: a scalar, or a tensor with the shape of the input if the loss is
 * not reduced.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.L1Loss.html">torch.nn.L1Loss</a>
 */
public class L1Loss extends Loss {

    /** Creates a loss that is the mean. */
    public L1Loss() {
        this(o -> {});
    }

    /** Creates a loss with the given reduction. */
    public L1Loss(Reduction reduction) {
        this(o -> o.reduction(reduction));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public L1Loss(Consumer<PlainOptions> options) {
        super(Customized.of(new PlainOptions(), options));
    }

    @Override
    protected Tensor forward(Input in) {
        return F.l1Loss(in.input(), in.target(), reduction);
    }
}
