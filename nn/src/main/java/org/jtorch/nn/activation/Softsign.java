package org.jtorch.nn.activation;

import org.jtorch.Tensor;
import org.jtorch.nn.Layer;
import org.jtorch.nn.functional.F;

/**
 * {@code x / (1 + |x|)}, any shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Softsign.html">torch.nn.Softsign</a>
 */
public class Softsign extends Layer {
    @Override
    protected Tensor forward(Tensor x) {
        return F.softsign(x);
    }
}
