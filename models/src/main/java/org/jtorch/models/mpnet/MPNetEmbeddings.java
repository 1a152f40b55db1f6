package org.jtorch.models.mpnet;

import org.jtorch.Tensor;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.layers.PaddedPositions;
import org.jtorch.models.layers.TextLength;
import org.jtorch.nn.Module;
import org.jtorch.nn.Name;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.norm.LayerNorm;
import org.jtorch.nn.sparse.Embedding;

/** The sum of the embeddings of words and of positions after the padding, normalized: (N, S) to (N, S, hidden_size). */
final class MPNetEmbeddings extends Module<EncoderInput, Tensor> {

    Embedding wordEmbeddings;
    Embedding positionEmbeddings;

    @Name("LayerNorm")
    LayerNorm layerNorm;

    Dropout dropout;

    MPNetEmbeddings(MPNetConfig config) {
        wordEmbeddings = new Embedding(config.vocabSize, config.hiddenSize, MPNetConfig.PADDING);
        positionEmbeddings = new Embedding(config.maxPositionEmbeddings, config.hiddenSize, MPNetConfig.PADDING);
        layerNorm = new LayerNorm(config.hiddenSize, o -> o.eps(config.layerNormEps));
        dropout = new Dropout(config.hiddenDropoutProb);
    }

    @Override
    protected Tensor forward(EncoderInput input) {
        Tensor ids = input.inputIds();
        Tensor positions =
                input.positionIds() == null ? PaddedPositions.of(ids, MPNetConfig.PADDING) : input.positionIds();
        TextLength.checkPadded(ids, positions, positionEmbeddings.numEmbeddings(), MPNetConfig.PADDING);
        return dropout.call(layerNorm.call(wordEmbeddings.call(ids).add(positionEmbeddings.call(positions))));
    }
}
