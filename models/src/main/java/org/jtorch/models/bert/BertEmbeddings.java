package org.jtorch.models.bert;

import org.jspecify.annotations.Nullable;
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

/** The sum of the embeddings of words, positions and texts, normalized: (N, S) to (N, S, hidden_size). */
final class BertEmbeddings extends Module<EncoderInput, Tensor> {

    Embedding wordEmbeddings;
    Embedding positionEmbeddings;
    Embedding tokenTypeEmbeddings;

    @Name("LayerNorm")
    LayerNorm layerNorm;

    Dropout dropout;

    BertEmbeddings(BertConfig config) {
        wordEmbeddings = new Embedding(config.vocabSize, config.hiddenSize, o -> o.paddingIdx(config.padTokenId));
        positionEmbeddings = new Embedding(config.maxPositionEmbeddings, config.hiddenSize);
        tokenTypeEmbeddings = new Embedding(config.typeVocabSize, config.hiddenSize);
        layerNorm = new LayerNorm(config.hiddenSize, o -> o.eps(config.layerNormEps));
        dropout = new Dropout(config.hiddenDropoutProb);
    }

    @Override
    protected Tensor forward(EncoderInput input) {
        Tensor ids = input.inputIds();
        TextLength.check(ids.size(1), positionEmbeddings.numEmbeddings());
        Tensor types = orElse(input.tokenTypeIds(), () -> Torch.zerosLike(ids));
        Tensor positions = orElse(
                input.positionIds(),
                () -> Torch.arange(
                        0, ids.size(1), 1, TensorOptions.of(DType.INT64).device(ids.device())));
        Tensor sum =
                wordEmbeddings.call(ids).add(tokenTypeEmbeddings.call(types)).add(positionEmbeddings.call(positions));
        return dropout.call(layerNorm.call(sum));
    }

    private static Tensor orElse(@Nullable Tensor given, java.util.function.Supplier<Tensor> other) {
        return given == null ? other.get() : given;
    }
}
