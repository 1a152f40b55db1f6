package org.jtorch.models.sentence;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.models.pretrained.ConfigException;
import org.jtorch.models.pretrained.ModelConfig;

/** What {@code 1_Pooling/config.json} contains: how the states of the tokens become one of the text. */
public final class PoolingConfig extends ModelConfig {

    /** The ways, in the order in which their results are joined. */
    public enum Mode {
        /** The state of the first token. */
        CLS("pooling_mode_cls_token"),
        /** The greatest number of all tokens in each dimension. */
        MAX("pooling_mode_max_tokens"),
        /** The mean of the tokens. */
        MEAN("pooling_mode_mean_tokens"),
        /** The sum of the tokens divided by the root of their number. */
        MEAN_SQRT_LEN_TOKENS("pooling_mode_mean_sqrt_len_tokens"),
        /** The mean of the tokens, weighted by their positions from 1 on. */
        WEIGHTEDMEAN("pooling_mode_weightedmean_tokens"),
        /** The state of the last token that is not padding. */
        LASTTOKEN("pooling_mode_lasttoken");

        private final String key;

        Mode(String key) {
            this.key = key;
        }
    }

    /** The ways that are used; at least one. */
    public final Set<Mode> modes = EnumSet.noneOf(Mode.class);

    /** Creates a configuration from the values that differ from the defaults; without any, the pooling is the mean. */
    public PoolingConfig(Map<String, ? extends @Nullable Object> values) {
        super("pooling", values);
        for (Mode mode : Mode.values()) {
            if (flag(mode.key, mode == Mode.MEAN && !has("pooling_mode"))) {
                modes.add(mode);
            }
        }
        if (has("pooling_mode")) { // as newer versions write it
            modes.clear();
            modes.add(mode(text("pooling_mode", "")));
        }
        if (modes.isEmpty()) {
            throw new ConfigException(
                    "the pooling has no way: set one of pooling_mode_cls_token, pooling_mode_mean_tokens"
                            + " and so on to true in " + values);
        }
        only("include_prompt", true);
        ignore("word_embedding_dimension", "embedding_dimension");
        refuseUnknown();
    }

    /**
     * Returns what stands in the file, as all versions of {@code sentence-transformers} read it.
     *
     * @param dimension the size of the state of a token
     */
    Map<String, Object> file(long dimension) {
        Map<String, Object> file = new LinkedHashMap<>();
        file.put("word_embedding_dimension", dimension);
        for (Mode mode : Mode.values()) {
            file.put(mode.key, modes.contains(mode));
        }
        file.put("include_prompt", true);
        return file;
    }

    private static Mode mode(String name) {
        for (Mode mode : Mode.values()) {
            if (mode.name().toLowerCase(Locale.ROOT).equals(name)) {
                return mode;
            }
        }
        throw new ConfigException("the configuration has pooling_mode = " + name
                + ", but it must be the name of one of " + EnumSet.allOf(Mode.class) + " in lower case");
    }
}
