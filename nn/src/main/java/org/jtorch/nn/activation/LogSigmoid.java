package org.jtorch.nn.activation;

import org.jtorch.Tensor;
import org.jtorch.nn.Layer;
import org.jtorch.nn.functional.F;

/**
 * {@code log(1 / (1 + exp(-x)))}, any shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.LogSigmoid.html">torch.nn.LogSigmoid</a>
 */
public class LogSigmoid extends Layer {
    @Override
    protected Tensor forward(Tensor x) {
        return F.logsigmoid(x);
    }
}
