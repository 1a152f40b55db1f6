package org.jtorch.models.mpnet;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.linear.Linear;

/** MPNet with a classifier of tokens: (N, S) to scores (N, S, labels). */
public final class MPNetForTokenClassification extends PretrainedModel<MPNetConfig, EncoderInput, Tensor> {

    MPNetModel mpnet;
    Dropout dropout;
    Linear classifier;

    /** Creates a model with new weights. */
    public MPNetForTokenClassification(MPNetConfig config) {
        super(config);
        mpnet = new MPNetModel(config, false);
        dropout = new Dropout(config.hiddenDropoutProb);
        classifier = new Linear(config.hiddenSize, config.numLabels());
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static MPNetForTokenClassification fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static MPNetForTokenClassification fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, MPNetConfig::new, MPNetForTokenClassification::new, options);
    }

    @Override
    protected Tensor forward(EncoderInput input) {
        return classifier.call(dropout.call(mpnet.call(input).lastHiddenState()));
    }

    @Override
    protected String baseModelPrefix() {
        return "mpnet";
    }
}
