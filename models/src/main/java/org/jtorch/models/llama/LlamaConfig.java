package org.jtorch.models.llama;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.models.decoder.DecoderConfig;

/** The configuration of Llama, by default that of {@code Llama-2-7b}. */
public final class LlamaConfig extends DecoderConfig {

    private final boolean attentionBias = flag("attention_bias", false);
    private final boolean mlpBias = flag("mlp_bias", false);

    /** Creates a configuration from the values that differ from the defaults, by their names in {@code config.json}. */
    public LlamaConfig(Map<String, ? extends @Nullable Object> values) {
        super("llama", values, new Defaults(32000, 4096, 11008, 32, 32, 2048, "silu"), false);
        only("pretraining_tp", 1);
        refuseUnknown();
    }

    @Override
    protected boolean hasQkvBias() {
        return attentionBias;
    }

    @Override
    protected boolean hasOutputBias() {
        return attentionBias;
    }

    @Override
    protected boolean hasMlpBias() {
        return mlpBias;
    }
}
