package org.jtorch.nn.activation;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * {@code x * tanh(softplus(x))}, any shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Mish.html">torch.nn.Mish</a>
 * @see <a href="https://arxiv.org/abs/1908.08681">Mish, Misra 2019</a>
 */
public class Mish extends InplaceActivation {

    /** Creates an activation that does not change its input. */
    public Mish() {
        this(o -> {});
    }

    /** Creates an activation that changes its input in place if {@code inplace} is true. */
    public Mish(boolean inplace) {
        this(o -> o.inplace(inplace));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public Mish(Consumer<Options> options) {
        super(options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.mish(x, inplace);
    }
}
