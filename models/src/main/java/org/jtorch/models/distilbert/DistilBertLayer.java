package org.jtorch.models.distilbert;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.models.layers.AttentionHeads;
import org.jtorch.nn.Module;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.LayerNorm;

/**
 * Attention among the tokens and a map of each token, each added to its input and normalized afterwards: (N, S, dim) to (N, S, dim).
 */
final class DistilBertLayer extends Module<DistilBertLayer.Input, Tensor> {

    /**
     * What a layer is given.
     *
     * @param states the states of the tokens, (N, S, dim)
     * @param mask true where a token may look at another one, (N, 1, 1, S); null if it may always
     */
    record Input(Tensor states, @Nullable Tensor mask) {}

    Attention attention;
    LayerNorm saLayerNorm;
    FeedForward ffn;
    LayerNorm outputLayerNorm;

    DistilBertLayer(DistilBertConfig config) {
        attention = new Attention(config);
        saLayerNorm = new LayerNorm(config.dim, o -> o.eps(DistilBertConfig.NORM_EPS));
        ffn = new FeedForward(config);
        outputLayerNorm = new LayerNorm(config.dim, o -> o.eps(DistilBertConfig.NORM_EPS));
    }

    @Override
    protected Tensor forward(Input input) {
        Tensor attended = saLayerNorm.call(attention.call(input).add(input.states));
        return outputLayerNorm.call(ffn.call(attended).add(attended));
    }

    /** Attention with several heads. */
    static final class Attention extends Module<Input, Tensor> {
        Linear qLin;
        Linear kLin;
        Linear vLin;
        Linear outLin;
        Dropout dropout;
        private final long heads;

        Attention(DistilBertConfig config) {
            qLin = new Linear(config.dim, config.dim);
            kLin = new Linear(config.dim, config.dim);
            vLin = new Linear(config.dim, config.dim);
            outLin = new Linear(config.dim, config.dim);
            dropout = new Dropout(config.attentionDropout);
            heads = config.nHeads;
        }

        @Override
        protected Tensor forward(Input input) {
            Tensor x = input.states;
            double drop = isTraining() ? dropout.p() : 0;
            return outLin.call(
                    AttentionHeads.attend(qLin.call(x), kLin.call(x), vLin.call(x), heads, input.mask, drop));
        }
    }

    /** Two maps of each token: (N, S, dim) to (N, S, dim). */
    static final class FeedForward extends Module<Tensor, Tensor> {
        Dropout dropout;
        Linear lin1;
        Linear lin2;
        private final UnaryOperator<Tensor> activation;

        FeedForward(DistilBertConfig config) {
            dropout = new Dropout(config.dropout);
            lin1 = new Linear(config.dim, config.hiddenDim);
            lin2 = new Linear(config.hiddenDim, config.dim);
            activation = config.activation;
        }

        @Override
        protected Tensor forward(Tensor x) {
            return dropout.call(lin2.call(activation.apply(lin1.call(x))));
        }
    }
}
