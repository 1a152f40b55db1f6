package org.jtorch.models.roberta;

import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.layers.PaddedPositions;
import org.jtorch.models.layers.TextLength;
import org.jtorch.nn.Module;
import org.jtorch.nn.Name;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.norm.LayerNorm;
import org.jtorch.nn.sparse.Embedding;

/** The sum of the embeddings of words, texts and positions after the padding, normalized: (N, S) to (N, S, hidden_size). */
final class RobertaEmbeddings extends Module<EncoderInput, Tensor> {

    Embedding wordEmbeddings;
    Embedding tokenTypeEmbeddings;

    @Name("LayerNorm")
    LayerNorm layerNorm;

    Dropout dropout;
    Embedding positionEmbeddings;
    private final long padding;

    RobertaEmbeddings(RobertaConfig config) {
        padding = config.padTokenId;
        wordEmbeddings = new Embedding(config.vocabSize, config.hiddenSize, padding);
        tokenTypeEmbeddings = new Embedding(config.typeVocabSize, config.hiddenSize);
        layerNorm = new LayerNorm(config.hiddenSize, o -> o.eps(config.layerNormEps));
        dropout = new Dropout(config.hiddenDropoutProb);
        positionEmbeddings = new Embedding(config.maxPositionEmbeddings, config.hiddenSize, padding);
    }

    @Override
    protected Tensor forward(EncoderInput input) {
        Tensor ids = input.inputIds();
        Tensor types = input.tokenTypeIds() == null ? Torch.zerosLike(ids) : input.tokenTypeIds();
        Tensor positions = input.positionIds() == null ? PaddedPositions.of(ids, padding) : input.positionIds();
        TextLength.checkPadded(ids, positions, positionEmbeddings.numEmbeddings(), padding);
        Tensor sum =
                wordEmbeddings.call(ids).add(tokenTypeEmbeddings.call(types)).add(positionEmbeddings.call(positions));
        return dropout.call(layerNorm.call(sum));
    }
}
