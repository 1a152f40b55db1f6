package org.jtorch.models.mpnet;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.layers.SpanOutput;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.nn.linear.Linear;

/** MPNet that finds an answer in a text: tokens (N, S) to the scores of its first and its last token. */
public final class MPNetForQuestionAnswering extends PretrainedModel<MPNetConfig, EncoderInput, SpanOutput> {

    MPNetModel mpnet;
    Linear qaOutputs;

    /** Creates a model with new weights. */
    public MPNetForQuestionAnswering(MPNetConfig config) {
        super(config);
        mpnet = new MPNetModel(config, false);
        qaOutputs = new Linear(config.hiddenSize, 2);
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static MPNetForQuestionAnswering fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static MPNetForQuestionAnswering fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, MPNetConfig::new, MPNetForQuestionAnswering::new, options);
    }

    @Override
    protected SpanOutput forward(EncoderInput input) {
        return SpanOutput.of(qaOutputs.call(mpnet.call(input).lastHiddenState()));
    }

    @Override
    protected String baseModelPrefix() {
        return "mpnet";
    }
}
