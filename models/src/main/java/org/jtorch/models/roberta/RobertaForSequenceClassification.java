package org.jtorch.models.roberta;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.models.layers.ClassificationHead;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedOptions;

/** RoBERTa with a classifier of texts: tokens (N, S) to scores (N, labels), for one label a number. */
public final class RobertaForSequenceClassification extends RobertaHead<Tensor> {

    ClassificationHead classifier;

    /** Creates a model with new weights. */
    public RobertaForSequenceClassification(RobertaConfig config) {
        super(config);
        classifier = new ClassificationHead(config.hiddenSize, config.numLabels(), config.classifierDropout);
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static RobertaForSequenceClassification fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static RobertaForSequenceClassification fromPretrained(
            Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, RobertaConfig::new, RobertaForSequenceClassification::new, options);
    }

    @Override
    protected Tensor forward(EncoderInput input) {
        return classifier.call(roberta.call(input).lastHiddenState());
    }
}
