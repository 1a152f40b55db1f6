package org.jtorch.models.dinov2;

import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.jtorch.Tensor;
import org.jtorch.models.layers.EncoderOutput;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.nn.Module;
import org.jtorch.nn.ModuleList;
import org.jtorch.nn.norm.LayerNorm;

/**
 * DINOv2 without a head: images (N, C, H, W) to states of the image and of its patches, (N, 1 + patches, hidden_size), of which the
 * first is that of the image too, (N, hidden_size).
 */
public final class Dinov2Model extends PretrainedModel<Dinov2Config, Tensor, EncoderOutput> {

    Dinov2Embeddings embeddings;
    Layers encoder;
    LayerNorm layernorm;

    /** Creates a model with new weights. */
    public Dinov2Model(Dinov2Config config) {
        super(config);
        embeddings = new Dinov2Embeddings(config);
        encoder = new Layers(config);
        layernorm = new LayerNorm(config.hiddenSize, o -> o.eps(config.layerNormEps));
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
        Tensor states = layernorm.call(encoder.call(embeddings.call(images)));
        return new EncoderOutput(states, states.select(1, 0));
    }

    /** The layers one after another: (N, S, hidden_size) to (N, S, hidden_size). */
    static final class Layers extends Module<Tensor, Tensor> {
        ModuleList<Dinov2Layer> layer;

        Layers(Dinov2Config config) {
            layer = new ModuleList<>(LongStream.range(0, config.numHiddenLayers)
                    .mapToObj(i -> new Dinov2Layer(config))
                    .toList());
        }

        @Override
        protected Tensor forward(Tensor states) {
            Tensor x = states;
            for (Dinov2Layer each : layer) {
                x = each.call(x);
            }
            return x;
        }
    }
}
