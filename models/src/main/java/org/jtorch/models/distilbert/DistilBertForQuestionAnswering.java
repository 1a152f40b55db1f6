package org.jtorch.models.distilbert;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.layers.SpanOutput;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.linear.Linear;

/** DistilBERT that finds an answer in a text: tokens (N, S) to the scores of its first and its last token. */
public final class DistilBertForQuestionAnswering extends PretrainedModel<DistilBertConfig, EncoderInput, SpanOutput> {

    DistilBertModel distilbert;
    Linear qaOutputs;
    Dropout dropout;

    /** Creates a model with new weights. */
    public DistilBertForQuestionAnswering(DistilBertConfig config) {
        super(config);
        distilbert = new DistilBertModel(config);
        qaOutputs = new Linear(config.dim, 2);
        dropout = new Dropout(config.qaDropout);
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static DistilBertForQuestionAnswering fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static DistilBertForQuestionAnswering fromPretrained(
            Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, DistilBertConfig::new, DistilBertForQuestionAnswering::new, options);
    }

    @Override
    protected SpanOutput forward(EncoderInput input) {
        return SpanOutput.of(qaOutputs.call(dropout.call(distilbert.call(input).lastHiddenState())));
    }

    @Override
    protected String baseModelPrefix() {
        return "distilbert";
    }
}
