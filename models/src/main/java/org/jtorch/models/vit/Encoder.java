package org.jtorch.models.vit;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.init.Init;
import org.jtorch.nn.norm.LayerNorm;

/** Adds the positions and runs the blocks: (N, S, hidden_dim) to the same shape. */
final class Encoder extends Module<Tensor, Tensor> {

    Parameter posEmbedding;
    Dropout dropout;
    Sequential layers;
    LayerNorm ln;

    Encoder(VisionTransformerConfig config) {
        posEmbedding = new Parameter(Init.normal_(Torch.empty(1, config.patches() + 1, config.hiddenDim), 0, 0.02));
        dropout = new Dropout(config.dropout);
        Map<String, EncoderBlock> blocks = new LinkedHashMap<>();
        for (long i = 0; i < config.numLayers; i++) {
            blocks.put("encoder_layer_" + i, new EncoderBlock(config));
        }
        layers = new Sequential(blocks);
        ln = EncoderBlock.norm(config);
    }

    @Override
    protected Tensor forward(Tensor input) {
        return ln.call(layers.call(dropout.call(input.add(posEmbedding))));
    }
}
