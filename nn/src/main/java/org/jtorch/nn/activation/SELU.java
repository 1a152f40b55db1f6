package org.jtorch.nn.activation;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Scaled exponential linear unit: {@code scale * (max(0, x) + min(0, alpha * (exp(x) - 1)))}, any shape, with
 * alpha = 1.6732632423543772 and scale = 1.0507009873554805, which keep mean 0 and variance 1.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.SELU.html">torch.nn.SELU</a>
 * @see <a href="https://arxiv.org/abs/1706.02515">Self-normalizing neural networks, Klambauer et al. 2017</a>
 */
public class SELU extends InplaceActivation {

    /** One that leaves its input as it is. */
    public SELU() {
        this(o -> {});
    }

    /** One that changes its input itself if {@code inplace}. */
    public SELU(boolean inplace) {
        this(o -> o.inplace(inplace));
    }

    /** Creates one with the options that {@code options} sets. */
    public SELU(Consumer<Options> options) {
        super(options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.selu(x, inplace);
    }
}
