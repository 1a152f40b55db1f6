package org.jtorch.models.bert;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.linear.Linear;

/** BERT with a classifier of tokens: (N, S) to scores (N, S, labels). */
public final class BertForTokenClassification extends PretrainedModel<BertConfig, EncoderInput, Tensor> {

    BertModel bert;
    Dropout dropout;
    Linear classifier;

    /** Creates a model with new weights. */
    public BertForTokenClassification(BertConfig config) {
        super(config);
        bert = new BertModel(config, false);
        dropout = new Dropout(config.classifierDropout);
        classifier = new Linear(config.hiddenSize, config.numLabels());
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static BertForTokenClassification fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static BertForTokenClassification fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, BertConfig::new, BertForTokenClassification::new, options);
    }

    @Override
    protected Tensor forward(EncoderInput input) {
        return classifier.call(dropout.call(bert.call(input).lastHiddenState()));
    }

    @Override
    protected String baseModelPrefix() {
        return "bert";
    }
}
