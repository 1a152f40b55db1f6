package org.jtorch.models.layers;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.LayerNorm;

/** The scores of the words: {@code decoder(norm(gelu(dense(x))))}, (N, S, hidden_size) to (N, S, vocab_size). */
public final class WordHead extends Module<Tensor, Tensor> {

    Linear dense;
    LayerNorm layerNorm;
    Linear decoder;

    /** The bias of the decoder if that is tied, and otherwise not used. */
    Parameter bias;

    /**
     * Creates a head with new weights.
     *
     * @param hiddenSize the size of a state
     * @param vocabSize the number of words
     * @param eps the number that layer normalization adds to the variance
     * @param embeddings the weights that the decoder shares, (vocab_size, hidden_size); null if it has its own
     */
    public WordHead(long hiddenSize, long vocabSize, double eps, @Nullable Parameter embeddings) {
        dense = new Linear(hiddenSize, hiddenSize);
        layerNorm = new LayerNorm(hiddenSize, o -> o.eps(eps));
        decoder = new Linear(hiddenSize, vocabSize);
        bias = new Parameter(Torch.zeros(vocabSize));
        if (embeddings != null) {
            decoder.weight = embeddings;
            decoder.bias = bias;
        }
    }

    @Override
    protected Tensor forward(Tensor states) {
        return decoder.call(layerNorm.call(F.gelu(dense.call(states))));
    }
}
