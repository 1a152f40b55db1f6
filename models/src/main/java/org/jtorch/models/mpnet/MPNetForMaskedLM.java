package org.jtorch.models.mpnet;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.layers.WordHead;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.nn.Parameter;

/** MPNet that guesses masked words: tokens (N, S) to scores (N, S, vocab_size). */
public final class MPNetForMaskedLM extends PretrainedModel<MPNetConfig, EncoderInput, Tensor> {

    MPNetModel mpnet;
    WordHead lmHead;

    /** Creates a model with new weights. */
    public MPNetForMaskedLM(MPNetConfig config) {
        super(config);
        mpnet = new MPNetModel(config, false);
        Parameter tied = config.tieWordEmbeddings ? mpnet.embeddings.wordEmbeddings.weight : null;
        lmHead = new WordHead(config.hiddenSize, config.vocabSize, config.layerNormEps, tied);
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static MPNetForMaskedLM fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static MPNetForMaskedLM fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, MPNetConfig::new, MPNetForMaskedLM::new, options);
    }

    @Override
    protected Tensor forward(EncoderInput input) {
        return lmHead.call(mpnet.call(input).lastHiddenState());
    }

    @Override
    protected String baseModelPrefix() {
        return "mpnet";
    }
}
