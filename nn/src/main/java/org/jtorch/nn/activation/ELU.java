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

    /** Creates a layer with the default options. */
    public ELU() {
        this(o -> {});
    }

    /** Creates the activation with the given {@code alpha}. */
    public ELU(Number alpha) {
        this(o -> o.alpha(alpha));
    }

    /** Creates the activation with the given {@code alpha}, which changes its input in place if {@code inplace} is true. */
    public ELU(Number alpha, boolean inplace) {
        this(o -> o.alpha(alpha).inplace(inplace));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public ELU(Consumer<Options> options) {
        super(options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.elu(x, alpha(), inplace);
    }
}
