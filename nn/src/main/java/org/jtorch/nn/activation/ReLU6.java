package org.jtorch.nn.activation;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.F;

/**
 * Rectifier with a ceiling: {@code min(max(0, x), 6)}, any shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ReLU6.html">torch.nn.ReLU6</a>
 */
public class ReLU6 extends InplaceActivation {

    /** One that leaves its input as it is. */
    public ReLU6() {
        this(o -> {});
    }

    /** As {@code options} say. */
    public ReLU6(Consumer<Options> options) {
        super(options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.relu6(x, inplace);
    }
}
