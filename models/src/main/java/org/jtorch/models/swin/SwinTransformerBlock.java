package org.jtorch.models.swin;

import org.jtorch.Tensor;
import org.jtorch.models.vision.StochasticDepth;
import org.jtorch.models.vision.TokenMlp;
import org.jtorch.nn.Module;
import org.jtorch.nn.norm.LayerNorm;

/**
 * Attention in windows and a map of each pixel, each added to its input: (N, H, W, dim) to the same shape. The first version normalizes
 * what both are given, the second one what both return.
 */
final class SwinTransformerBlock extends Module<Tensor, Tensor> {

    LayerNorm norm1;
    WindowAttention attn;
    StochasticDepth stochasticDepth;
    LayerNorm norm2;
    TokenMlp mlp;
    private final boolean normalizesFirst;

    SwinTransformerBlock(SwinTransformerConfig config, long dim, long heads, boolean isShifted, double drop) {
        normalizesFirst = config.version == 1;
        norm1 = new LayerNorm(dim);
        attn = normalizesFirst
                ? new WindowAttention.ShiftedWindowAttention(config, dim, heads, isShifted)
                : new WindowAttention.ShiftedWindowAttentionV2(config, dim, heads, isShifted);
        stochasticDepth = new StochasticDepth(drop);
        norm2 = new LayerNorm(dim);
        mlp = new TokenMlp(dim, (long) (dim * config.mlpRatio), config.dropout);
    }

    @Override
    protected Tensor forward(Tensor x) {
        if (normalizesFirst) {
            Tensor sum = x.add(stochasticDepth.call(attn.call(norm1.call(x))));
            return sum.add(stochasticDepth.call(mlp.call(norm2.call(sum))));
        }
        Tensor sum = x.add(stochasticDepth.call(norm1.call(attn.call(x))));
        return sum.add(stochasticDepth.call(norm2.call(mlp.call(sum))));
    }
}
