package org.jtorch.models.vit;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.models.pretrained.ModelConfig;

/** The configuration of ViT, by default that of {@code vit-base-patch16-224}. */
public final class ViTConfig extends ModelConfig {

    public final long hiddenSize = integer("hidden_size", 768);
    public final long numHiddenLayers = integer("num_hidden_layers", 12);
    public final long numAttentionHeads = integer("num_attention_heads", 12);
    public final long intermediateSize = integer("intermediate_size", 3072);
    public final UnaryOperator<Tensor> hiddenAct = activation("hidden_act", "gelu");
    public final double hiddenDropoutProb = number("hidden_dropout_prob", 0);
    public final double attentionProbsDropoutProb = number("attention_probs_dropout_prob", 0);
    public final double layerNormEps = number("layer_norm_eps", 1e-12);

    /** The height and the width of an image. */
    public final List<Long> imageSize = pair("image_size", 224);

    /** The height and the width of a patch. */
    public final List<Long> patchSize = pair("patch_size", 16);

    public final long numChannels = integer("num_channels", 3);
    public final boolean qkvBias = flag("qkv_bias", true);
    public final long poolerOutputSize = integer("pooler_output_size", hiddenSize);
    public final UnaryOperator<Tensor> poolerAct = activation("pooler_act", "tanh");

    /** Creates a configuration from the values that differ from the defaults, by their names in {@code config.json}. */
    public ViTConfig(Map<String, ? extends @Nullable Object> values) {
        super("vit", values);
        ignore("encoder_stride");
        refuseUnknown();
    }
}
