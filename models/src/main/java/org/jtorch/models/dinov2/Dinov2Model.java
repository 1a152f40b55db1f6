package org.jtorch.models.dinov2;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.models.layers.EncoderOutput;
import org.jtorch.models.layers.ImageEncoder;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedOptions;

/**
 * DINOv2 without a head: images (N, C, H, W) to states of the image and of its patches, (N, 1 + patches, hidden_size), of which the
 * first is that of the image too, (N, hidden_size).
 */
public final class Dinov2Model extends ImageEncoder<Dinov2Config> {

    /** Creates a model with new weights. */
    public Dinov2Model(Dinov2Config config) {
        super(config, new Dinov2Embeddings(config), () -> new Dinov2Layer(config));
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static Dinov2Model fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static Dinov2Model fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, Dinov2Config::new, Dinov2Model::new, options);
    }

    @Override
    protected EncoderOutput forward(Tensor images) {
        Tensor states = states(images);
        return new EncoderOutput(states, states.select(1, 0));
    }
}
