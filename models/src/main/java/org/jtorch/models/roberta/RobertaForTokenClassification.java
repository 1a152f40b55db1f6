package org.jtorch.models.roberta;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.linear.Linear;

/** RoBERTa with a classifier of tokens: (N, S) to scores (N, S, labels). */
public final class RobertaForTokenClassification extends RobertaHead<Tensor> {

    Dropout dropout;
    Linear classifier;

    /** Creates a model with new weights. */
    public RobertaForTokenClassification(RobertaConfig config) {
        super(config);
        dropout = new Dropout(config.classifierDropout);
        classifier = new Linear(config.hiddenSize, config.numLabels());
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static RobertaForTokenClassification fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static RobertaForTokenClassification fromPretrained(
            Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, RobertaConfig::new, RobertaForTokenClassification::new, options);
    }

    @Override
    protected Tensor forward(EncoderInput input) {
        return classifier.call(dropout.call(roberta.call(input).lastHiddenState()));
    }
}
