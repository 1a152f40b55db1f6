package org.jtorch.nn.activation;

import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.nn.Layer;
import org.jtorch.nn.functional.F;

/**
 * A {@link Softmax} over the channels at each position: {@code (N, C, H, W)} or {@code (C, H, W)} to the same shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Softmax2d.html">torch.nn.Softmax2d</a>
 */
public class Softmax2d extends Layer {
    @Override
    protected Tensor forward(Tensor x) {
        if (x.dim() != 3 && x.dim() != 4) {
            throw new TorchException("Softmax2d: expected input to be 3D or 4D, got " + x.dim() + "D instead");
        }
        return F.softmax(x, -3);
    }
}
