package org.jtorch.models.vit;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.models.layers.EncoderOutput;
import org.jtorch.models.layers.ImageEncoder;
import org.jtorch.models.layers.Pooler;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedOptions;

/**
 * ViT without a head: images (N, C, H, W) to states of the image and of its patches, (N, 1 + patches, hidden_size), and a state of each
 * image, (N, pooler_output_size).
 */
public final class ViTModel extends ImageEncoder<ViTConfig> {

    @Nullable
    Pooler pooler;

    /** Creates a model with a pooler and new weights. */
    public ViTModel(ViTConfig config) {
        this(config, true);
    }

    /** Creates a model with new weights, with a pooler or without. */
    public ViTModel(ViTConfig config, boolean addPoolingLayer) {
        super(config, new ViTEmbeddings(config), () -> new ViTLayer(config));
        pooler = addPoolingLayer ? new Pooler(config.hiddenSize, config.poolerOutputSize, config.poolerAct) : null;
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static ViTModel fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static ViTModel fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, ViTConfig::new, ViTModel::new, options);
    }

    @Override
    protected EncoderOutput forward(Tensor images) {
        Tensor states = states(images);
        return new EncoderOutput(states, pooler == null ? null : pooler.call(states));
    }
}
