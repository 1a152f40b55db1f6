package org.jtorch.models.mistral;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.models.decoder.DecoderConfig;

/** The configuration of Mistral, by default that of {@code Mistral-7B-v0.1}. */
public final class MistralConfig extends DecoderConfig {

    private final long slidingWindow;

    /** Creates a configuration from the values that differ from the defaults, by their names in {@code config.json}. */
    public MistralConfig(Map<String, ? extends @Nullable Object> values) {
        super("mistral", values, new Defaults(32_000, 4096, 14_336, 32, 32, 131_072, "silu"), false);
        boolean whole = values.containsKey("sliding_window") && values.get("sliding_window") == null;
        slidingWindow = whole ? 0 : integer("sliding_window", 4096);
        refuseUnknown();
    }

    @Override
    protected long standardKeyValueHeads() {
        return 8;
    }

    @Override
    protected long window(int layer) {
        return slidingWindow;
    }
}
