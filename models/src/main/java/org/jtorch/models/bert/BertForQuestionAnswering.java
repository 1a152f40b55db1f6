package org.jtorch.models.bert;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.layers.SpanOutput;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.nn.linear.Linear;

/** BERT that finds an answer in a text: tokens (N, S) to the scores of its first and its last token. */
public final class BertForQuestionAnswering extends PretrainedModel<BertConfig, EncoderInput, SpanOutput> {

    BertModel bert;
    Linear qaOutputs;

    /** Creates a model with new weights. */
    public BertForQuestionAnswering(BertConfig config) {
        super(config);
        bert = new BertModel(config, false);
        qaOutputs = new Linear(config.hiddenSize, 2);
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static BertForQuestionAnswering fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static BertForQuestionAnswering fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, BertConfig::new, BertForQuestionAnswering::new, options);
    }

    @Override
    protected SpanOutput forward(EncoderInput input) {
        return SpanOutput.of(qaOutputs.call(bert.call(input).lastHiddenState()));
    }

    @Override
    protected String baseModelPrefix() {
        return "bert";
    }
}
