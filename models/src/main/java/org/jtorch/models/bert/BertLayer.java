package org.jtorch.models.bert;

import java.util.function.UnaryOperator;
import org.jtorch.Tensor;
import org.jtorch.nn.Module;
import org.jtorch.nn.Name;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.LayerNorm;

/**
 * Attention among the tokens and a map of each token, each added to its input and normalized afterwards: (N, S, hidden_size) to
 * (N, S, hidden_size).
 *
 * @see <a href="https://arxiv.org/abs/1810.04805">BERT: Pre-training of Deep Bidirectional Transformers</a>
 */
final class BertLayer extends Module<BertEncoder.Input, Tensor> {

    Attention attention;
    Intermediate intermediate;
    Output output;

    BertLayer(BertConfig config) {
        attention = new Attention(config);
        intermediate = new Intermediate(config);
        output = new Output(config, config.intermediateSize);
    }

    @Override
    protected Tensor forward(BertEncoder.Input input) {
        Tensor attended = attention.call(input);
        return output.call(new Residual(intermediate.call(attended), attended));
    }

    /** Attention and what follows it. */
    static final class Attention extends Module<BertEncoder.Input, Tensor> {
        SelfAttention self;
        Output output;

        Attention(BertConfig config) {
            self = new SelfAttention(config);
            output = new Output(config, config.hiddenSize);
        }

        @Override
        protected Tensor forward(BertEncoder.Input input) {
            return output.call(new Residual(self.call(input), input.states()));
        }
    }

    /** Attention with several heads. */
    static final class SelfAttention extends Module<BertEncoder.Input, Tensor> {
        Linear query;
        Linear key;
        Linear value;
        Dropout dropout;
        private final long heads;

        SelfAttention(BertConfig config) {
            query = new Linear(config.hiddenSize, config.hiddenSize);
            key = new Linear(config.hiddenSize, config.hiddenSize);
            value = new Linear(config.hiddenSize, config.hiddenSize);
            dropout = new Dropout(config.attentionProbsDropoutProb);
            heads = config.numAttentionHeads;
        }

        @Override
        protected Tensor forward(BertEncoder.Input input) {
            Tensor x = input.states();
            double drop = isTraining() ? dropout.p() : 0;
            Tensor mixed = F.scaledDotProductAttention(
                    heads(query.call(x)), heads(key.call(x)), heads(value.call(x)), input.mask(), drop);
            return mixed.transpose(1, 2).flatten(2);
        }

        /** Returns (N, heads, S, hidden_size / heads). */
        private Tensor heads(Tensor x) {
            return x.unflatten(-1, heads, -1).transpose(1, 2);
        }
    }

    /** The first map of each token. */
    static final class Intermediate extends Module<Tensor, Tensor> {
        Linear dense;
        private final UnaryOperator<Tensor> activation;

        Intermediate(BertConfig config) {
            dense = new Linear(config.hiddenSize, config.intermediateSize);
            activation = config.hiddenAct;
        }

        @Override
        protected Tensor forward(Tensor x) {
            return activation.apply(dense.call(x));
        }
    }

    /** What was computed, and what it is added to. */
    record Residual(Tensor computed, Tensor input) {}

    /** A linear map whose result is added to the input of the block and normalized. */
    static final class Output extends Module<Residual, Tensor> {
        Linear dense;

        @Name("LayerNorm")
        LayerNorm layerNorm;

        Dropout dropout;

        Output(BertConfig config, long inFeatures) {
            dense = new Linear(inFeatures, config.hiddenSize);
            layerNorm = new LayerNorm(config.hiddenSize, o -> o.eps(config.layerNormEps));
            dropout = new Dropout(config.hiddenDropoutProb);
        }

        @Override
        protected Tensor forward(Residual residual) {
            return layerNorm.call(dropout.call(dense.call(residual.computed)).add(residual.input));
        }
    }
}
