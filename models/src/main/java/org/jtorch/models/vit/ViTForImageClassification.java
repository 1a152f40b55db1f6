package org.jtorch.models.vit;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.nn.linear.Linear;

/** ViT with a classifier of images: (N, C, H, W) to scores (N, labels). */
public final class ViTForImageClassification extends PretrainedModel<ViTConfig, Tensor, Tensor> {

    ViTModel vit;
    Linear classifier;

    /** Creates a model with new weights. */
    public ViTForImageClassification(ViTConfig config) {
        super(config);
        vit = new ViTModel(config, false);
        classifier = new Linear(config.hiddenSize, config.numLabels());
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static ViTForImageClassification fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static ViTForImageClassification fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, ViTConfig::new, ViTForImageClassification::new, options);
    }

    @Override
    protected Tensor forward(Tensor images) {
        return classifier.call(vit.call(images).lastHiddenState().select(1, 0));
    }

    @Override
    protected String baseModelPrefix() {
        return "vit";
    }
}
