package org.jtorch.models.distilbert;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.linear.Linear;

/** DistilBERT with a classifier of tokens: (N, S) to scores (N, S, labels). */
public final class DistilBertForTokenClassification extends PretrainedModel<DistilBertConfig, EncoderInput, Tensor> {

    DistilBertModel distilbert;
    Dropout dropout;
    Linear classifier;

    /** Creates a model with new weights. */
    public DistilBertForTokenClassification(DistilBertConfig config) {
        super(config);
        distilbert = new DistilBertModel(config);
        dropout = new Dropout(config.dropout);
        classifier = new Linear(config.dim, config.numLabels());
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static DistilBertForTokenClassification fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static DistilBertForTokenClassification fromPretrained(
            Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, DistilBertConfig::new, DistilBertForTokenClassification::new, options);
    }

    @Override
    protected Tensor forward(EncoderInput input) {
        return classifier.call(dropout.call(distilbert.call(input).lastHiddenState()));
    }

    @Override
    protected String baseModelPrefix() {
        return "distilbert";
    }
}
