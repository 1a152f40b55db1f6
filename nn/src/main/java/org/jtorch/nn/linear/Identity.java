package org.jtorch.nn.linear;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.Layer;

/**
 * Gives its input back: a place holder.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Identity.html">torch.nn.Identity</a>
 */
public class Identity extends Layer {

    /**
     * A place holder.
     *
     * @param unused anything, so that it can stand where another layer stood
     */
    public Identity(@Nullable Object... unused) {}

    @Override
    protected Tensor forward(Tensor x) {
        return x;
    }
}
