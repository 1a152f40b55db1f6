package org.jtorch.models.mpnet;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.models.bert.BertConfig;

/**
 * The configuration of MPNet, by default that of {@code mpnet-base} but for its 514 positions. The padding is token 1 always, as in
 * {@code transformers}.
 */
public final class MPNetConfig extends BertConfig {

    /** The token that is padding. */
    static final long PADDING = 1;

    /** The number of buckets of distances; {@code transformers} computes with it whatever the configuration says. */
    static final long BUCKETS = 32;

    /** Creates a configuration from the values that differ from the defaults, by their names in {@code config.json}. */
    public MPNetConfig(Map<String, ? extends @Nullable Object> values) {
        super("mpnet", values, 30527, PADDING, "relative_attention_num_buckets");
        only("relative_attention_num_buckets", BUCKETS);
    }
}
