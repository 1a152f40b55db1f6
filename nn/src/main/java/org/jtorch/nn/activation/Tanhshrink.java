package org.jtorch.nn.activation;

import org.jtorch.Tensor;
import org.jtorch.nn.Layer;
import org.jtorch.nn.functional.F;

/**
 * {@code x - tanh(x)}, any shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Tanhshrink.html">torch.nn.Tanhshrink</a>
 */
public class Tanhshrink extends Layer {
    @Override
    protected Tensor forward(Tensor x) {
        return F.tanhshrink(x);
    }
}
