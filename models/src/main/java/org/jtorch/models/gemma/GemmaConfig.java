package org.jtorch.models.gemma;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.models.decoder.DecoderConfig;

/** The configuration of Gemma, by default that of {@code gemma-7b}. */
public final class GemmaConfig extends DecoderConfig {

    private final boolean attentionBias = flag("attention_bias", false);

    /** Creates a configuration from the values that differ from the defaults, by their names in {@code config.json}. */
    public GemmaConfig(Map<String, ? extends @Nullable Object> values) {
        super("gemma", values, new Defaults(256_000, 3072, 24_576, 28, 16, 8192, "gelu_pytorch_tanh"), true);
        only("hidden_activation", "gelu_pytorch_tanh");
        only("use_bidirectional_attention", false);
        refuseUnknown();
    }

    @Override
    protected long standardHeadDim() {
        return 256;
    }

    @Override
    protected Long standardPadTokenId() {
        return 0L;
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
    protected double normOffset() {
        return 1;
    }

    @Override
    protected double embeddingScale() {
        return Math.sqrt(hiddenSize);
    }
}
