package org.jtorch.nn.activation;

import java.util.function.Consumer;
import org.jtorch.internal.options.Customized;

/**
 * Rectifier with a ceiling: {@code min(max(0, x), 6)}, any shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ReLU6.html">torch.nn.ReLU6</a>
 */
public class ReLU6 extends Hardtanh {

    /** Creates an activation that does not change its input. */
    public ReLU6() {
        this(false);
    }

    /** Creates an activation that changes its input in place if {@code inplace} is true. */
    public ReLU6(boolean inplace) {
        super(0.0, 6.0, inplace);
    }

    /** Creates a layer with the options that {@code options} sets. */
    public ReLU6(Consumer<InplaceActivation.Options> options) {
        this(Customized.of(new InplaceActivation.Options(), options).inplace);
    }

    @Override
    String arguments() {
        return "";
    }
}
