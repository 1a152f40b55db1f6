package org.jtorch.nn.activation;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * {@code relu6(x + 3) / 6}, any shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Hardsigmoid.html">torch.nn.Hardsigmoid</a>
 */
public class Hardsigmoid extends InplaceActivation {

    /** Creates an activation that does not change its input. */
    public Hardsigmoid() {
        this(o -> {});
    }

    /** Creates an activation that changes its input in place if {@code inplace} is true. */
    public Hardsigmoid(boolean inplace) {
        this(o -> o.inplace(inplace));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public Hardsigmoid(Consumer<Options> options) {
        super(options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.hardsigmoid(x, inplace);
    }

    /** Returns an empty string, because PyTorch does not show whether it works in place. */
    @Override
    protected String extraRepr() {
        return "";
    }
}
