package org.jtorch.nn.activation;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Rectifier: {@code max(0, x)}, any shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ReLU.html">torch.nn.ReLU</a>
 */
public class ReLU extends InplaceActivation {

    /** Creates an activation that does not change its input. */
    public ReLU() {
        this(o -> {});
    }

    /** Creates an activation that changes its input in place if {@code inplace} is true. */
    public ReLU(boolean inplace) {
        this(o -> o.inplace(inplace));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public ReLU(Consumer<Options> options) {
        super(options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.relu(x, inplace);
    }
}
