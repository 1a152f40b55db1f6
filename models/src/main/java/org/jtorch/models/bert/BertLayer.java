package org.jtorch.models.bert;

import org.jtorch.Tensor;
import org.jtorch.models.layers.AttentionHeads;
import org.jtorch.nn.Module;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.linear.Linear;

/**
 * Attention among the tokens and a map of each token, each added to its input and normalized afterwards: (N, S, hidden_size) to
 * (N, S, hidden_size).
 *
 * @see <a href="https://arxiv.org/abs/1810.04805">BERT: Pre-training of Deep Bidirectional Transformers</a>
 */
final class BertLayer extends Module<BertEncoder.Input, Tensor> {

    Attention attention;
    BertIntermediate intermediate;
    BertOutput output;

    BertLayer(BertConfig config) {
        attention = new Attention(config);
        intermediate = new BertIntermediate(config);
        output = new BertOutput(config, config.intermediateSize);
    }

    @Override
    protected Tensor forward(BertEncoder.Input input) {
        Tensor attended = attention.call(input);
        return output.call(new BertOutput.Residual(intermediate.call(attended), attended));
    }

    /** Attention and what follows it. */
    static final class Attention extends Module<BertEncoder.Input, Tensor> {
        SelfAttention self;
        BertOutput output;

        Attention(BertConfig config) {
            self = new SelfAttention(config);
            output = new BertOutput(config, config.hiddenSize);
        }

        @Override
        protected Tensor forward(BertEncoder.Input input) {
            return output.call(new BertOutput.Residual(self.call(input), input.states()));
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
            return AttentionHeads.attend(query.call(x), key.call(x), value.call(x), heads, input.mask(), drop);
        }
    }
}
