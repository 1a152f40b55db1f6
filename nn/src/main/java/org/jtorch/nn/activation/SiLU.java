package org.jtorch.nn.activation;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Sigmoid linear unit, also called swish: {@code x * sigmoid(x)}, any shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.SiLU.html">torch.nn.SiLU</a>
 * @see <a href="https://arxiv.org/abs/1606.08415">Gaussian error linear units, Hendrycks and Gimpel 2016</a>
 */
public class SiLU extends InplaceActivation {

    /** Creates an activation that does not change its input. */
    public SiLU() {
        this(o -> {});
    }

    /** Creates an activation that changes its input in place if {@code inplace} is true. */
    public SiLU(boolean inplace) {
        this(o -> o.inplace(inplace));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public SiLU(Consumer<Options> options) {
        super(options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.silu(x, inplace);
    }
}
