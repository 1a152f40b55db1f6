package org.jtorch.models.vit;

import java.util.function.UnaryOperator;
import org.jtorch.Tensor;
import org.jtorch.models.layers.VisionAttention;
import org.jtorch.nn.Module;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.LayerNorm;

/**
 * Attention among the patches and a map of each patch, each of what is normalized, and added to its input: (N, S, hidden_size) to (N,
 * S, hidden_size).
 *
 * @see <a href="https://arxiv.org/abs/2010.11929">An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale</a>
 */
final class ViTLayer extends Module<Tensor, Tensor> {

    VisionAttention attention;
    LayerNorm layernormBefore;
    LayerNorm layernormAfter;
    Intermediate intermediate;
    Output output;

    ViTLayer(ViTConfig config) {
        attention = new VisionAttention(config.attention());
        layernormBefore = new LayerNorm(config.hiddenSize, o -> o.eps(config.layerNormEps));
        layernormAfter = new LayerNorm(config.hiddenSize, o -> o.eps(config.layerNormEps));
        intermediate = new Intermediate(config);
        output = new Output(config);
    }

    @Override
    protected Tensor forward(Tensor states) {
        Tensor x = states.add(attention.call(layernormBefore.call(states)));
        return x.add(output.call(intermediate.call(layernormAfter.call(x))));
    }

    /** The first map of each patch. */
    static final class Intermediate extends Module<Tensor, Tensor> {
        Linear dense;
        private final UnaryOperator<Tensor> activation;

        Intermediate(ViTConfig config) {
            dense = new Linear(config.hiddenSize, config.intermediateSize);
            activation = config.hiddenAct;
        }

        @Override
        protected Tensor forward(Tensor x) {
            return activation.apply(dense.call(x));
        }
    }

    /** The second map of each patch. */
    static final class Output extends Module<Tensor, Tensor> {
        Linear dense;
        Dropout dropout;

        Output(ViTConfig config) {
            dense = new Linear(config.intermediateSize, config.hiddenSize);
            dropout = new Dropout(config.hiddenDropoutProb);
        }

        @Override
        protected Tensor forward(Tensor x) {
            return dropout.call(dense.call(x));
        }
    }
}
