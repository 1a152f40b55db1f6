package org.jtorch.models.vit;

import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.models.layers.ImageEncoderConfig;

/** The configuration of ViT, by default that of {@code vit-base-patch16-224}. */
public final class ViTConfig extends ImageEncoderConfig {

    public final long intermediateSize = integer("intermediate_size", 3072);
    public final long poolerOutputSize = integer("pooler_output_size", hiddenSize);
    public final UnaryOperator<Tensor> poolerAct = activation("pooler_act", "tanh");

    /** Creates a configuration from the values that differ from the defaults, by their names in {@code config.json}. */
    public ViTConfig(Map<String, ? extends @Nullable Object> values) {
        super("vit", values, 16, 1e-12);
        ignore("encoder_stride");
        refuseUnknown();
    }
}
