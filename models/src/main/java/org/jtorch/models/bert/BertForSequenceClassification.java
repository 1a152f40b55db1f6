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

/** BERT with a classifier of texts: tokens (N, S) to scores (N, labels), for one label a number. */
public final class BertForSequenceClassification extends PretrainedModel<BertConfig, EncoderInput, Tensor> {

    BertModel bert;
    Dropout dropout;
    Linear classifier;

    /** Creates a model with new weights. */
    public BertForSequenceClassification(BertConfig config) {
        super(config);
        bert = new BertModel(config, true);
        dropout = new Dropout(config.classifierDropout);
        classifier = new Linear(config.hiddenSize, config.numLabels());
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static BertForSequenceClassification fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static BertForSequenceClassification fromPretrained(
            Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, BertConfig::new, BertForSequenceClassification::new, options);
    }

    @Override
    protected Tensor forward(EncoderInput input) {
        return classifier.call(dropout.call(bert.pooled(input)));
    }

    @Override
    protected String baseModelPrefix() {
        return "bert";
    }
}
