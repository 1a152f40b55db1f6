package org.jtorch.nn.linear;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.Layer;

/**
 * Returns its input. It can be used as a placeholder.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Identity.html">torch.nn.Identity</a>
 */
public class Identity extends Layer {

    /**
     * Creates a placeholder.
     *
     * @param unused ignored, so that the class can take the place of another layer
     */
    public Identity(@Nullable Object... unused) {}

    @Override
    protected Tensor forward(Tensor x) {
        return x;
    }
}
