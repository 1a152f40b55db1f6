package org.jtorch.models.vit;

import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.models.layers.EncoderOutput;
import org.jtorch.models.layers.Pooler;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.nn.Module;
import org.jtorch.nn.ModuleList;
import org.jtorch.nn.norm.LayerNorm;

/**
 * ViT without a head: images (N, C, H, W) to states of the image and of its patches, (N, 1 + patches, hidden_size), and a state of each
 * image, (N, pooler_output_size).
 */
public final class ViTModel extends PretrainedModel<ViTConfig, Tensor, EncoderOutput> {

    ViTEmbeddings embeddings;
    Layers encoder;
    LayerNorm layernorm;

    @Nullable
    Pooler pooler;

    /** Creates a model with a pooler and new weights. */
    public ViTModel(ViTConfig config) {
        this(config, true);
    }

    /** Creates a model with new weights, with a pooler or without. */
    public ViTModel(ViTConfig config, boolean addPoolingLayer) {
        super(config);
        embeddings = new ViTEmbeddings(config);
        encoder = new Layers(config);
        layernorm = new LayerNorm(config.hiddenSize, o -> o.eps(config.layerNormEps));
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
        Tensor states = layernorm.call(encoder.call(embeddings.call(images)));
        return new EncoderOutput(states, pooler == null ? null : pooler.call(states));
    }

    /** The layers one after another: (N, S, hidden_size) to (N, S, hidden_size). */
    static final class Layers extends Module<Tensor, Tensor> {
        ModuleList<ViTLayer> layer;

        Layers(ViTConfig config) {
            layer = new ModuleList<>(LongStream.range(0, config.numHiddenLayers)
                    .mapToObj(i -> new ViTLayer(config))
                    .toList());
        }

        @Override
        protected Tensor forward(Tensor states) {
            Tensor x = states;
            for (ViTLayer each : layer) {
                x = each.call(x);
            }
            return x;
        }
    }
}
