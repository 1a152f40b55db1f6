package org.jtorch.nn.activation;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Exponential linear unit: {@code x} above zero, {@code alpha * (exp(x) - 1)} below, any shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ELU.html">torch.nn.ELU</a>
 * @see <a href="https://arxiv.org/abs/1511.07289">Exponential linear units, Clevert et al. 2015</a>
 */
public class ELU extends AlphaActivation {

    /** With the default options. */
    public ELU() {
        this(o -> {});
    }

    /** With {@code alpha}. */
    public ELU(Number alpha) {
        this(o -> o.alpha(alpha));
    }

    /** With {@code alpha}, changing its input itself if {@code inplace}. */
    public ELU(Number alpha, boolean inplace) {
        this(o -> o.alpha(alpha).inplace(inplace));
    }

    /** Creates one with the options that {@code options} sets. */
    public ELU(Consumer<Options> options) {
        super(options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.elu(x, alpha(), inplace);
    }
}
