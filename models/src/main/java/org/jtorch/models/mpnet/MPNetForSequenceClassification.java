package org.jtorch.models.mpnet;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.models.layers.ClassificationHead;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.models.pretrained.PretrainedOptions;

/** MPNet with a classifier of texts: tokens (N, S) to scores (N, labels), for one label a number. */
public final class MPNetForSequenceClassification extends PretrainedModel<MPNetConfig, EncoderInput, Tensor> {

    MPNetModel mpnet;
    ClassificationHead classifier;

    /** Creates a model with new weights. */
    public MPNetForSequenceClassification(MPNetConfig config) {
        super(config);
        mpnet = new MPNetModel(config, false);
        classifier = new ClassificationHead(config.hiddenSize, config.numLabels(), config.hiddenDropoutProb);
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static MPNetForSequenceClassification fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static MPNetForSequenceClassification fromPretrained(
            Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, MPNetConfig::new, MPNetForSequenceClassification::new, options);
    }

    @Override
    protected Tensor forward(EncoderInput input) {
        return classifier.call(mpnet.call(input).lastHiddenState());
    }

    @Override
    protected String baseModelPrefix() {
        return "mpnet";
    }
}
