package org.jtorch.models.layers;

import java.util.function.Supplier;
import org.jtorch.Tensor;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.nn.Module;
import org.jtorch.nn.norm.LayerNorm;

/**
 * A model without a head that encodes images: (N, C, H, W) to states of the image and of its patches, (N, 1 + patches,
 * hidden_size).
 *
 * @param <C> the type of the configuration
 */
public abstract class ImageEncoder<C extends ImageEncoderConfig> extends PretrainedModel<C, Tensor, EncoderOutput> {

    ImageEmbeddings embeddings;
    Layers encoder;
    LayerNorm layernorm;

    /**
     * Creates a model.
     *
     * @param embeddings the first states
     * @param layer makes a layer, which maps states to states
     */
    protected ImageEncoder(C config, ImageEmbeddings embeddings, Supplier<? extends Module<Tensor, Tensor>> layer) {
        super(config);
        this.embeddings = embeddings;
        encoder = new Layers(config.numHiddenLayers, layer);
        layernorm = new LayerNorm(config.hiddenSize, o -> o.eps(config.layerNormEps));
    }

    /** Returns the normalized states after the last layer, (N, 1 + patches, hidden_size). */
    protected final Tensor states(Tensor images) {
        return layernorm.call(encoder.call(embeddings.call(images)));
    }
}
