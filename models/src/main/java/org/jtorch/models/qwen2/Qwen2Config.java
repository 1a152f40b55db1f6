package org.jtorch.models.qwen2;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.models.decoder.DecoderConfig;

/** The configuration of Qwen2, by default that of {@code Qwen2-7B-beta}. */
public final class Qwen2Config extends DecoderConfig {

    private final long[] windows;

    /** Creates a configuration from the values that differ from the defaults, by their names in {@code config.json}. */
    public Qwen2Config(Map<String, ? extends @Nullable Object> values) {
        super("qwen2", values, new Defaults(151_936, 4096, 22_016, 32, 32, 32_768, "silu"), false);
        windows = slidingWindows();
        refuseUnknown();
    }

    @Override
    protected long standardKeyValueHeads() {
        return 32;
    }

    @Override
    protected boolean hasQkvBias() {
        return true;
    }

    @Override
    protected long window(int layer) {
        return windows[layer];
    }
}
