package org.jtorch.models.distilbert;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.linear.Linear;

/** DistilBERT with a classifier of texts: tokens (N, S) to scores (N, labels), for one label a number. */
public final class DistilBertForSequenceClassification extends PretrainedModel<DistilBertConfig, EncoderInput, Tensor> {

    DistilBertModel distilbert;
    Linear preClassifier;
    Linear classifier;
    Dropout dropout;

    /** Creates a model with new weights. */
    public DistilBertForSequenceClassification(DistilBertConfig config) {
        super(config);
        distilbert = new DistilBertModel(config);
        preClassifier = new Linear(config.dim, config.dim);
        classifier = new Linear(config.dim, config.numLabels());
        dropout = new Dropout(config.seqClassifDropout);
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static DistilBertForSequenceClassification fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static DistilBertForSequenceClassification fromPretrained(
            Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, DistilBertConfig::new, DistilBertForSequenceClassification::new, options);
    }

    @Override
    protected Tensor forward(EncoderInput input) {
        Tensor first = distilbert.call(input).lastHiddenState().select(1, 0);
        return classifier.call(dropout.call(F.relu(preClassifier.call(first))));
    }

    @Override
    protected String baseModelPrefix() {
        return "distilbert";
    }
}
