package org.jtorch.nn.activation;

import org.jtorch.Tensor;
import org.jtorch.nn.Layer;
import org.jtorch.nn.functional.F;

/**
 * Logistic function: {@code 1 / (1 + exp(-x))}, any shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Sigmoid.html">torch.nn.Sigmoid</a>
 */
public class Sigmoid extends Layer {

    /** Creates the activation. */
    public Sigmoid() {}

    @Override
    protected Tensor forward(Tensor x) {
        return F.sigmoid(x);
    }
}
