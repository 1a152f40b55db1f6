package org.jtorch.models.distilbert;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.LayerNorm;

/** DistilBERT that guesses masked words: tokens (N, S) to scores (N, S, vocab_size). */
public final class DistilBertForMaskedLM extends PretrainedModel<DistilBertConfig, EncoderInput, Tensor> {

    DistilBertModel distilbert;
    Linear vocabTransform;
    LayerNorm vocabLayerNorm;
    Linear vocabProjector;

    /** Creates a model with new weights. */
    public DistilBertForMaskedLM(DistilBertConfig config) {
        super(config);
        distilbert = new DistilBertModel(config);
        vocabTransform = new Linear(config.dim, config.dim);
        vocabLayerNorm = new LayerNorm(config.dim, o -> o.eps(DistilBertConfig.NORM_EPS));
        vocabProjector = new Linear(config.dim, config.vocabSize);
        if (config.tieWordEmbeddings) {
            vocabProjector.weight = distilbert.embeddings.wordEmbeddings.weight;
        }
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static DistilBertForMaskedLM fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static DistilBertForMaskedLM fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, DistilBertConfig::new, DistilBertForMaskedLM::new, options);
    }

    @Override
    protected Tensor forward(EncoderInput input) {
        Tensor transformed = config().activation
                .apply(vocabTransform.call(distilbert.call(input).lastHiddenState()));
        return vocabProjector.call(vocabLayerNorm.call(transformed));
    }

    @Override
    protected String baseModelPrefix() {
        return "distilbert";
    }
}
