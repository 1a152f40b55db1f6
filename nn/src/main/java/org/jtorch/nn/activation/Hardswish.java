package org.jtorch.nn.activation;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * {@code x * relu6(x + 3) / 6}, any shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Hardswish.html">torch.nn.Hardswish</a>
 * @see <a href="https://arxiv.org/abs/1905.02244">Searching for MobileNetV3, Howard et al. 2019</a>
 */
public class Hardswish extends InplaceActivation {

    /** Creates an activation that does not change its input. */
    public Hardswish() {
        this(o -> {});
    }

    /** Creates an activation that changes its input in place if {@code inplace} is true. */
    public Hardswish(boolean inplace) {
        this(o -> o.inplace(inplace));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public Hardswish(Consumer<Options> options) {
        super(options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.hardswish(x, inplace);
    }

    /** Returns an empty string, because PyTorch does not show whether it works in place. */
    @Override
    protected String extraRepr() {
        return "";
    }
}
