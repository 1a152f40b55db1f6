package org.jtorch.models.convnext;

import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.models.vision.Permute;
import org.jtorch.models.vision.StochasticDepth;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.GELU;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.LayerNorm;

/** Convolves each channel by itself, then maps each pixel; the input is added: (N, dim, H, W) to the same shape. */
final class CNBlock extends Module<Tensor, Tensor> {

    Parameter layerScale;
    Sequential block;
    StochasticDepth stochasticDepth;

    CNBlock(long dim, double layerScale, double drop) {
        this.layerScale = new Parameter(Torch.full(new long[] {dim, 1, 1}, layerScale));
        block = new Sequential(
                new Conv2d(dim, dim, 7, o -> o.padding(3).groups(dim)),
                new Permute(0, 2, 3, 1),
                new LayerNorm(dim, o -> o.eps(1e-6)),
                new Linear(dim, 4 * dim),
                new GELU(),
                new Linear(4 * dim, dim),
                new Permute(0, 3, 1, 2));
        stochasticDepth = new StochasticDepth(drop);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return stochasticDepth.call(layerScale.mul(block.call(x))).add_(x);
    }
}
