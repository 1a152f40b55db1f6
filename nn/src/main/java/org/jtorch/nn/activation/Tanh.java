package org.jtorch.nn.activation;

import org.jtorch.Tensor;
import org.jtorch.nn.Layer;
import org.jtorch.nn.functional.F;

/**
 * Hyperbolic tangent, any shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Tanh.html">torch.nn.Tanh</a>
 */
public class Tanh extends Layer {

    /** Creates the activation. */
    public Tanh() {}

    @Override
    protected Tensor forward(Tensor x) {
        return F.tanh(x);
    }
}
