package org.jtorch.models.layers;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.models.pretrained.ModelConfig;

/** The configuration of a transformer that encodes the patches of images. A subclass has the fields of its architecture. */
public abstract class ImageEncoderConfig extends ModelConfig {

    public final long hiddenSize = integer("hidden_size", 768);
    public final long numHiddenLayers = integer("num_hidden_layers", 12);
    public final long numAttentionHeads = integer("num_attention_heads", 12);
    public final UnaryOperator<Tensor> hiddenAct = activation("hidden_act", "gelu");
    public final double hiddenDropoutProb = number("hidden_dropout_prob", 0);
    public final double attentionProbsDropoutProb = number("attention_probs_dropout_prob", 0);
    public final double layerNormEps;

    /** The height and the width of an image. */
    public final List<Long> imageSize = pair("image_size", 224);

    /** The height and the width of a patch. */
    public final List<Long> patchSize;

    public final long numChannels = integer("num_channels", 3);
    public final boolean qkvBias = flag("qkv_bias", true);

    /**
     * Creates a configuration.
     *
     * @param modelType the name of the architecture
     * @param values the values that differ from the defaults, by their names in {@code config.json}
     * @param patchSize the default of {@code patch_size}
     * @param layerNormEps the default of {@code layer_norm_eps}
     */
    protected ImageEncoderConfig(
            String modelType, Map<String, ? extends @Nullable Object> values, long patchSize, double layerNormEps) {
        super(modelType, values);
        this.patchSize = pair("patch_size", patchSize);
        this.layerNormEps = number("layer_norm_eps", layerNormEps);
    }

    /** Returns what the attention of each layer is made of. */
    public final VisionAttention.Options attention() {
        return new VisionAttention.Options(
                hiddenSize, numAttentionHeads, qkvBias, attentionProbsDropoutProb, hiddenDropoutProb);
    }
}
