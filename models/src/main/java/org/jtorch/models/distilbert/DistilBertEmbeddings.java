package org.jtorch.models.distilbert;

import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.layers.TextLength;
import org.jtorch.nn.Module;
import org.jtorch.nn.Name;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.norm.LayerNorm;
import org.jtorch.nn.sparse.Embedding;

/** The sum of the embeddings of words and positions, normalized: (N, S) to (N, S, dim). */
final class DistilBertEmbeddings extends Module<EncoderInput, Tensor> {

    Embedding wordEmbeddings;
    Embedding positionEmbeddings;

    @Name("LayerNorm")
    LayerNorm layerNorm;

    Dropout dropout;

    DistilBertEmbeddings(DistilBertConfig config) {
        wordEmbeddings = new Embedding(config.vocabSize, config.dim, config.padTokenId);
        positionEmbeddings = new Embedding(config.maxPositionEmbeddings, config.dim);
        layerNorm = new LayerNorm(config.dim, o -> o.eps(DistilBertConfig.NORM_EPS));
        dropout = new Dropout(config.dropout);
    }

    @Override
    protected Tensor forward(EncoderInput input) {
        Tensor ids = input.inputIds();
        TextLength.check(ids.size(1), positionEmbeddings.numEmbeddings());
        Tensor positions = input.positionIds();
        if (positions == null) {
            positions = Torch.arange(
                    0, ids.size(1), 1, TensorOptions.of(DType.INT64).device(ids.device()));
        }
        return dropout.call(layerNorm.call(wordEmbeddings.call(ids).add(positionEmbeddings.call(positions))));
    }
}
