package org.jtorch.models.dinov2;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.models.layers.ImageEncoderConfig;

/** The configuration of DINOv2, by default that of {@code dinov2-base} but for the size of its images, 518. */
public final class Dinov2Config extends ImageEncoderConfig {

    public final double mlpRatio = number("mlp_ratio", 4);
    public final double layerscaleValue = number("layerscale_value", 1);
    public final double dropPathRate = number("drop_path_rate", 0);
    public final boolean useSwigluFfn = flag("use_swiglu_ffn", false);
    public final boolean useMaskToken = flag("use_mask_token", true);

    /** Creates a configuration from the values that differ from the defaults, by their names in {@code config.json}. */
    public Dinov2Config(Map<String, ? extends @Nullable Object> values) {
        super("dinov2", values, 14, 1e-6);
        ignore(
                "apply_layernorm",
                "reshape_hidden_states",
                "out_features",
                "out_indices",
                "stage_names"); // of a backbone
        refuseUnknown();
    }
}
