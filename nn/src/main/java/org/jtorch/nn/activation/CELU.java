package org.jtorch.nn.activation;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Continuously differentiable exponential linear unit: {@code max(0, x) + min(0, alpha * (exp(x / alpha) - 1))}, any
 * shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.CELU.html">torch.nn.CELU</a>
 * @see <a href="https://arxiv.org/abs/1704.07483">Continuously differentiable exponential linear units, Barron 2017</a>
 */
public class CELU extends AlphaActivation {

    /** Creates a layer with the default options. */
    public CELU() {
        this(o -> {});
    }

    /** Creates the activation with the given {@code alpha}. */
    public CELU(Number alpha) {
        this(o -> o.alpha(alpha));
    }

    /** Creates the activation with the given {@code alpha}, which changes its input in place if {@code inplace} is true. */
    public CELU(Number alpha, boolean inplace) {
        this(o -> o.alpha(alpha).inplace(inplace));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public CELU(Consumer<Options> options) {
        super(options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.celu(x, alpha(), inplace);
    }
}
