package org.jtorch.models.roberta;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.layers.SpanOutput;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.nn.linear.Linear;

/** RoBERTa that finds an answer in a text: tokens (N, S) to the scores of its first and its last token. */
public final class RobertaForQuestionAnswering extends RobertaHead<SpanOutput> {

    Linear qaOutputs;

    /** Creates a model with new weights. */
    public RobertaForQuestionAnswering(RobertaConfig config) {
        super(config);
        qaOutputs = new Linear(config.hiddenSize, 2);
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static RobertaForQuestionAnswering fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static RobertaForQuestionAnswering fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, RobertaConfig::new, RobertaForQuestionAnswering::new, options);
    }

    @Override
    protected SpanOutput forward(EncoderInput input) {
        return SpanOutput.of(qaOutputs.call(roberta.call(input).lastHiddenState()));
    }
}
