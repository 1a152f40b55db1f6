package org.jtorch.models.convnext;

import org.jtorch.Tensor;
import org.jtorch.nn.norm.LayerNorm;

/** Normalizes the channels of each pixel: (N, C, H, W) to the same shape. */
final class LayerNorm2d extends LayerNorm {

    LayerNorm2d(long channels) {
        super(channels, o -> o.eps(1e-6));
    }

    @Override
    protected Tensor forward(Tensor x) {
        return super.forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2);
    }
}
