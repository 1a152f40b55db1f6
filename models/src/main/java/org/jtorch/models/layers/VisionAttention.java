package org.jtorch.models.layers;

import org.jtorch.Tensor;
import org.jtorch.nn.Module;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.linear.Linear;

/** Attention among the patches of an image: (N, S, hidden_size) to (N, S, hidden_size). */
public final class VisionAttention extends Module<Tensor, Tensor> {

    /**
     * What an attention is made of.
     *
     * @param hiddenSize the size of a state
     * @param heads the number of heads
     * @param bias whether the maps to queries, keys and values have a bias
     * @param attentionDropout the probability of dropout of the weights of the attention
     * @param dropout the probability of dropout of the result
     */
    public record Options(long hiddenSize, long heads, boolean bias, double attentionDropout, double dropout) {}

    SelfAttention attention;
    Output output;

    /** Creates an attention with new weights. */
    public VisionAttention(Options options) {
        attention = new SelfAttention(options);
        output = new Output(options);
    }

    @Override
    protected Tensor forward(Tensor states) {
        return output.call(attention.call(states));
    }

    /** Attention with several heads. */
    static final class SelfAttention extends Module<Tensor, Tensor> {
        Linear query;
        Linear key;
        Linear value;
        private final long heads;
        private final double dropout;

        SelfAttention(Options options) {
            query = new Linear(options.hiddenSize, options.hiddenSize, o -> o.bias(options.bias));
            key = new Linear(options.hiddenSize, options.hiddenSize, o -> o.bias(options.bias));
            value = new Linear(options.hiddenSize, options.hiddenSize, o -> o.bias(options.bias));
            heads = options.heads;
            dropout = options.attentionDropout;
        }

        @Override
        protected Tensor forward(Tensor x) {
            double drop = isTraining() ? dropout : 0;
            return AttentionHeads.attend(query.call(x), key.call(x), value.call(x), heads, null, drop);
        }
    }

    /** The map of what was mixed. */
    static final class Output extends Module<Tensor, Tensor> {
        Linear dense;
        Dropout dropout;

        Output(Options options) {
            dense = new Linear(options.hiddenSize, options.hiddenSize);
            dropout = new Dropout(options.dropout);
        }

        @Override
        protected Tensor forward(Tensor x) {
            return dropout.call(dense.call(x));
        }
    }
}
