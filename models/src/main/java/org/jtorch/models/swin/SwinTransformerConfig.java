package org.jtorch.models.swin;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.models.pretrained.ConfigException;
import org.jtorch.models.pretrained.ModelConfig;

/** The configuration of a Swin Transformer: the arguments of torchvision's {@code SwinTransformer}, by default of the tiny one. */
public final class SwinTransformerConfig extends ModelConfig {

    /** The version of the architecture, 1 or 2. */
    public final long version = integer("version", 1);

    public final List<Long> patchSize = integers("patch_size", 4L, 4L);
    public final long embedDim = integer("embed_dim", 96);
    public final List<Long> depths = integers("depths", 2L, 2L, 6L, 2L);
    public final List<Long> numHeads = integers("num_heads", 3L, 6L, 12L, 24L);
    public final List<Long> windowSize = integers("window_size", 7L, 7L);
    public final double mlpRatio = number("mlp_ratio", 4);
    public final double dropout = number("dropout", 0);
    public final double attentionDropout = number("attention_dropout", 0);
    public final double stochasticDepthProb = number("stochastic_depth_prob", 0.1);
    public final long numClasses = integer("num_classes", 1000);

    /** Creates a configuration from the values that differ from the defaults, by their names in {@code config.json}. */
    public SwinTransformerConfig(Map<String, ? extends @Nullable Object> values) {
        super("torchvision_swin", values);
        only("version", 1, 2);
        refuseUnknown();
        if (patchSize.size() != 2 || windowSize.size() != 2 || depths.isEmpty() || numHeads.size() != depths.size()) {
            throw new ConfigException(
                    "a Swin Transformer has two values in patch_size and window_size and as many num_heads as"
                            + " depths, but the configuration has " + patchSize + ", " + windowSize + ", " + numHeads
                            + " and "
                            + depths);
        }
    }
}
