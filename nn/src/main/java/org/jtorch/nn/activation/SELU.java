package org.jtorch.nn.activation;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Scaled exponential linear unit: {@code scale * (max(0, x) + min(0, alpha * (exp(x) - 1)))}, any shape. The constants alpha =
 * 1.6732632423543772 and scale = 1.0507009873554805 keep a mean of 0 and a variance of 1.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.SELU.html">torch.nn.SELU</a>
 * @see <a href="https://arxiv.org/abs/1706.02515">Self-normalizing neural networks, Klambauer et al. 2017</a>
 */
public class SELU extends InplaceActivation {

    /** Creates an activation that does not change its input. */
    public SELU() {
        this(o -> {});
    }

    /** Creates an activation that changes its input in place if {@code inplace} is true. */
    public SELU(boolean inplace) {
        this(o -> o.inplace(inplace));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public SELU(Consumer<Options> options) {
        super(options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.selu(x, inplace);
    }
}
