package org.jtorch.models.qwen3;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.models.decoder.DecoderConfig;

/** The configuration of Qwen3, by default that of {@code Qwen3-8B}. */
public final class Qwen3Config extends DecoderConfig {

    private final boolean attentionBias = flag("attention_bias", false);
    private final long[] windows;

    /** Creates a configuration from the values that differ from the defaults, by their names in {@code config.json}. */
    public Qwen3Config(Map<String, ? extends @Nullable Object> values) {
        super("qwen3", values, new Defaults(151_936, 4096, 22_016, 32, 32, 32_768, "silu"), false);
        windows = slidingWindows();
        refuseUnknown();
    }

    @Override
    protected long standardKeyValueHeads() {
        return 32;
    }

    @Override
    protected long standardHeadDim() {
        return 128;
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
    protected boolean normalizesQueriesAndKeys() {
        return true;
    }

    @Override
    protected long window(int layer) {
        return windows[layer];
    }
}
