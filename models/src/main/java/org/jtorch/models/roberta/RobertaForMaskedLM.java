package org.jtorch.models.roberta;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.layers.WordHead;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.nn.Parameter;

/** RoBERTa that guesses masked words: tokens (N, S) to scores (N, S, vocab_size). */
public final class RobertaForMaskedLM extends RobertaHead<Tensor> {

    WordHead lmHead;

    /** Creates a model with new weights. */
    public RobertaForMaskedLM(RobertaConfig config) {
        super(config);
        Parameter tied = config.tieWordEmbeddings ? roberta.embeddings.wordEmbeddings.weight : null;
        lmHead = new WordHead(config.hiddenSize, config.vocabSize, config.layerNormEps, tied);
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static RobertaForMaskedLM fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static RobertaForMaskedLM fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, RobertaConfig::new, RobertaForMaskedLM::new, options);
    }

    @Override
    protected Tensor forward(EncoderInput input) {
        return lmHead.call(roberta.call(input).lastHiddenState());
    }
}
