package org.jtorch.models.dinov2;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.nn.linear.Linear;

/** DINOv2 with a classifier of images, which sees the state of the image and the mean of its patches: (N, C, H, W) to (N, labels). */
public final class Dinov2ForImageClassification extends PretrainedModel<Dinov2Config, Tensor, Tensor> {

    Dinov2Model dinov2;
    Linear classifier;

    /** Creates a model with new weights. */
    public Dinov2ForImageClassification(Dinov2Config config) {
        super(config);
        dinov2 = new Dinov2Model(config);
        classifier = new Linear(2 * config.hiddenSize, config.numLabels());
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static Dinov2ForImageClassification fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static Dinov2ForImageClassification fromPretrained(
            Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, Dinov2Config::new, Dinov2ForImageClassification::new, options);
    }

    @Override
    protected Tensor forward(Tensor images) {
        Tensor states = dinov2.call(images).lastHiddenState();
        Tensor patches = states.narrow(1, 1, states.size(1) - 1).mean(1);
        return classifier.call(Torch.cat(List.of(states.select(1, 0), patches), 1));
    }

    @Override
    protected String baseModelPrefix() {
        return "dinov2";
    }
}
