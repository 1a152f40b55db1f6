package org.jtorch.models.vit;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.models.pretrained.ConfigException;
import org.jtorch.models.pretrained.ConfigRow;
import org.jtorch.models.pretrained.ModelConfig;

/** The configuration of a vision transformer: the arguments of torchvision's {@code VisionTransformer}, by default of B/16. */
public final class VisionTransformerConfig extends ModelConfig {

    public final long imageSize = integer("image_size", 224);
    public final long patchSize = integer("patch_size", 16);
    public final long numLayers = integer("num_layers", 12);
    public final long numHeads = integer("num_heads", 12);
    public final long hiddenDim = integer("hidden_dim", 768);
    public final long mlpDim = integer("mlp_dim", 3072);
    public final double dropout = number("dropout", 0);
    public final double attentionDropout = number("attention_dropout", 0);
    public final long numClasses = integer("num_classes", 1000);

    /** The size of a layer before the classifier; 0 if there is none. */
    public final long representationSize = integer("representation_size", 0);

    /**
     * Rows of: the channels, the size of the kernel and the stride of convolutions in place of the patches; empty if there are none. All
     * strides together must make the image smaller by the size of a patch.
     */
    public final List<ConfigRow> convStemConfigs = rows("conv_stem_configs", 3, List.of());

    /** Creates a configuration from the values that differ from the defaults, by their names in {@code config.json}. */
    public VisionTransformerConfig(Map<String, ? extends @Nullable Object> values) {
        super("torchvision_vit", values);
        refuseUnknown();
        if (imageSize % patchSize != 0) {
            throw new ConfigException(
                    "the image_size " + imageSize + " must be a multiple of the patch_size " + patchSize);
        }
    }

    /** Returns the number of patches. */
    long patches() {
        return imageSize / patchSize * (imageSize / patchSize);
    }
}
