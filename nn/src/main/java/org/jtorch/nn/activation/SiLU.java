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

    /** One that leaves its input as it is. */
    public SiLU() {
        this(o -> {});
    }

    /** One that changes its input itself if {@code inplace}. */
    public SiLU(boolean inplace) {
        this(o -> o.inplace(inplace));
    }

    /** Creates one with the options that {@code options} sets. */
    public SiLU(Consumer<Options> options) {
        super(options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.silu(x, inplace);
    }
}
