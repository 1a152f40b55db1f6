package org.jtorch.models.vit;

import org.jtorch.Tensor;
import org.jtorch.nn.Module;
import org.jtorch.nn.Name;
import org.jtorch.nn.activation.MultiheadAttention;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.norm.LayerNorm;

/** Attention among the patches and a map of each, both added to their normalized input: (N, S, hidden_dim) to the same shape. */
final class EncoderBlock extends Module<Tensor, Tensor> {

    @Name("ln_1")
    LayerNorm ln1;

    MultiheadAttention selfAttention;
    Dropout dropout;

    @Name("ln_2")
    LayerNorm ln2;

    MlpBlock mlp;

    EncoderBlock(VisionTransformerConfig config) {
        ln1 = norm(config);
        selfAttention =
                new MultiheadAttention(config.hiddenDim, config.numHeads, o -> o.dropout(config.attentionDropout)
                        .batchFirst(true));
        dropout = new Dropout(config.dropout);
        ln2 = norm(config);
        mlp = new MlpBlock(config.hiddenDim, config.mlpDim, config.dropout);
    }

    @Override
    protected Tensor forward(Tensor input) {
        Tensor x = ln1.call(input);
        Tensor attended = selfAttention.call(x, x, x, false).attnOutput();
        Tensor sum = dropout.call(attended).add(input);
        return sum.add(mlp.call(ln2.call(sum)));
    }

    static LayerNorm norm(VisionTransformerConfig config) {
        return new LayerNorm(config.hiddenDim, o -> o.eps(1e-6));
    }
}
