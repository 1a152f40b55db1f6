package org.jtorch.models.dinov2;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.models.pretrained.ModelConfig;

/** The configuration of DINOv2, by default that of {@code dinov2-base} but for the size of its images, 518. */
public final class Dinov2Config extends ModelConfig {

    public final long hiddenSize = integer("hidden_size", 768);
    public final long numHiddenLayers = integer("num_hidden_layers", 12);
    public final long numAttentionHeads = integer("num_attention_heads", 12);
    public final double mlpRatio = number("mlp_ratio", 4);
    public final UnaryOperator<Tensor> hiddenAct = activation("hidden_act", "gelu");
    public final double hiddenDropoutProb = number("hidden_dropout_prob", 0);
    public final double attentionProbsDropoutProb = number("attention_probs_dropout_prob", 0);
    public final double layerNormEps = number("layer_norm_eps", 1e-6);

    /** The height and the width of an image. */
    public final List<Long> imageSize = pair("image_size", 224);

    /** The height and the width of a patch. */
    public final List<Long> patchSize = pair("patch_size", 14);

    public final long numChannels = integer("num_channels", 3);
    public final boolean qkvBias = flag("qkv_bias", true);
    public final double layerscaleValue = number("layerscale_value", 1);
    public final double dropPathRate = number("drop_path_rate", 0);
    public final boolean useSwigluFfn = flag("use_swiglu_ffn", false);
    public final boolean useMaskToken = flag("use_mask_token", true);

    /** Creates a configuration from the values that differ from the defaults, by their names in {@code config.json}. */
    public Dinov2Config(Map<String, ? extends @Nullable Object> values) {
        super("dinov2", values);
        ignore(
                "apply_layernorm",
                "reshape_hidden_states",
                "out_features",
                "out_indices",
                "stage_names"); // of a backbone
        refuseUnknown();
    }
}
