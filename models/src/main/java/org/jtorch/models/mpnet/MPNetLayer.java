package org.jtorch.models.mpnet;

import org.jtorch.Tensor;
import org.jtorch.models.bert.BertIntermediate;
import org.jtorch.models.bert.BertOutput;
import org.jtorch.models.layers.AttentionHeads;
import org.jtorch.nn.Module;
import org.jtorch.nn.Name;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.LayerNorm;

/**
 * Attention among the tokens and a map of each token, each added to its input and normalized afterwards: (N, S, hidden_size) to
 * (N, S, hidden_size).
 *
 * @see <a href="https://arxiv.org/abs/2004.09297">MPNet: Masked and Permuted Pre-training for Language Understanding</a>
 */
final class MPNetLayer extends Module<MPNetLayer.Input, Tensor> {

    /**
     * What a layer is given.
     *
     * @param states the states of the tokens, (N, S, hidden_size)
     * @param added what is added to the scores of the attention, (N or 1, heads, S, S)
     */
    record Input(Tensor states, Tensor added) {}

    Attention attention;
    BertIntermediate intermediate;
    BertOutput output;

    MPNetLayer(MPNetConfig config) {
        attention = new Attention(config);
        intermediate = new BertIntermediate(config);
        output = new BertOutput(config, config.intermediateSize);
    }

    @Override
    protected Tensor forward(Input input) {
        Tensor attended = attention.call(input);
        return output.call(new BertOutput.Residual(intermediate.call(attended), attended));
    }

    /** Attention, added to its input and normalized. */
    static final class Attention extends Module<Input, Tensor> {
        SelfAttention attn;

        @Name("LayerNorm")
        LayerNorm layerNorm;

        Dropout dropout;

        Attention(MPNetConfig config) {
            attn = new SelfAttention(config);
            layerNorm = new LayerNorm(config.hiddenSize, o -> o.eps(config.layerNormEps));
            dropout = new Dropout(config.hiddenDropoutProb);
        }

        @Override
        protected Tensor forward(Input input) {
            return layerNorm.call(dropout.call(attn.call(input)).add(input.states));
        }
    }

    /** Attention with several heads. */
    static final class SelfAttention extends Module<Input, Tensor> {
        Linear q;
        Linear k;
        Linear v;
        Linear o;
        Dropout dropout;
        private final long heads;

        SelfAttention(MPNetConfig config) {
            q = new Linear(config.hiddenSize, config.hiddenSize);
            k = new Linear(config.hiddenSize, config.hiddenSize);
            v = new Linear(config.hiddenSize, config.hiddenSize);
            o = new Linear(config.hiddenSize, config.hiddenSize);
            dropout = new Dropout(config.attentionProbsDropoutProb);
            heads = config.numAttentionHeads;
        }

        @Override
        protected Tensor forward(Input input) {
            Tensor x = input.states;
            double drop = isTraining() ? dropout.p() : 0;
            return o.call(AttentionHeads.attend(q.call(x), k.call(x), v.call(x), heads, input.added, drop));
        }
    }
}
