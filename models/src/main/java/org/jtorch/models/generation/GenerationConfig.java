package org.jtorch.models.generation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.jtorch.models.pretrained.ConfigException;
import org.jtorch.models.pretrained.ModelConfig;

/** What a folder's {@code generation_config.json} contains. */
final class GenerationConfig extends ModelConfig {

    private static final String FILE = "generation_config.json";

    private static final String TYPE = "generation";

    /** Values that change which tokens are generated, with those that change nothing. */
    private static final Map<String, Object> NOT_COMPUTED = Map.ofEntries(
            Map.entry("no_repeat_ngram_size", 0),
            Map.entry("encoder_no_repeat_ngram_size", 0),
            Map.entry("encoder_repetition_penalty", 1),
            Map.entry("typical_p", 1),
            Map.entry("epsilon_cutoff", 0),
            Map.entry("eta_cutoff", 0),
            Map.entry("num_beam_groups", 1),
            Map.entry("diversity_penalty", 0),
            Map.entry("num_return_sequences", 1),
            Map.entry("guidance_scale", 1),
            Map.entry("renormalize_logits", false),
            Map.entry("remove_invalid_values", false),
            Map.entry("token_healing", false));

    /** Values that change which tokens are generated if they are there at all. */
    private static final List<String> NOT_KNOWN = List.of(
            "bad_words_ids",
            "force_words_ids",
            "constraints",
            "sequence_bias",
            "suppress_tokens",
            "begin_suppress_tokens",
            "forced_bos_token_id",
            "forced_eos_token_id",
            "exponential_decay_length_penalty",
            "watermarking_config",
            "top_h",
            "penalty_alpha",
            "dola_layers",
            "max_time");

    private static final List<String> COMPUTED = List.of(
            "do_sample",
            "temperature",
            "top_k",
            "top_p",
            "min_p",
            "repetition_penalty",
            "num_beams",
            "length_penalty",
            "early_stopping",
            "max_new_tokens",
            "min_new_tokens",
            "max_length",
            "min_length",
            "stop_strings",
            "eos_token_id",
            "pad_token_id",
            "decoder_start_token_id");

    GenerationConfig(Map<String, ? extends @Nullable Object> values) {
        super(TYPE, values);
        NOT_COMPUTED.forEach(this::only);
        for (String key : NOT_KNOWN) {
            if (has(key)) {
                throw new ConfigException(FILE + " has " + key + " = " + values.get(key)
                        + ", which is not computed: remove it if it should have no effect");
            }
        }
        // anything else concerns how the tokens are computed, not which ones
    }

    static Optional<GenerationConfig> find(Path folder) {
        Path file = folder.resolve(FILE);
        Path ofModel = folder.resolve("config.json");
        Map<String, @Nullable Object> values = new HashMap<>();
        if (Files.exists(file)) {
            values.putAll(ModelConfig.read(file));
        } else if (Files.exists(ofModel)) { // where older folders say it
            ModelConfig.read(ofModel).forEach((key, value) -> {
                if (COMPUTED.contains(key) || NOT_COMPUTED.containsKey(key) || NOT_KNOWN.contains(key)) {
                    values.put(key, value);
                }
            });
        } else {
            return Optional.empty();
        }
        values.put("model_type", TYPE);
        try {
            return Optional.of(new GenerationConfig(values));
        } catch (ConfigException e) {
            throw new ConfigException(file + ": " + e.getMessage(), e);
        }
    }

    void applyTo(GenerationOptions options) {
        options.doSample(flag("do_sample", options.doSample));
        if (options.doSample
                || number("temperature", 1) > 0) { // without drawing they have no effect, and some files have 0
            options.temperature(number("temperature", options.temperature));
        }
        if (options.doSample || number("top_p", 1) > 0) {
            options.topP(number("top_p", options.topP));
        }
        options.topK(integer("top_k", options.topK));
        options.minP(number("min_p", options.minP));
        options.repetitionPenalty(number("repetition_penalty", options.repetitionPenalty));
        options.numBeams(Math.toIntExact(integer("num_beams", options.numBeams)));
        options.lengthPenalty(number("length_penalty", options.lengthPenalty));
        if (has("max_new_tokens")) {
            options.maxNewTokens(integer("max_new_tokens", 0));
        } else if (has("max_length")) {
            options.maxLength = integer("max_length", 0);
        }
        if (has("min_new_tokens")) {
            options.minNewTokens(integer("min_new_tokens", 0));
        } else if (has("min_length")) {
            options.minLength = integer("min_length", 0);
        }
        if (has("stop_strings")) {
            options.stopStrings(texts("stop_strings").toArray(String[]::new));
        }
        List<Long> ends = tokens("eos_token_id");
        if (!ends.isEmpty()) {
            options.eosTokenIds(ends.stream().mapToLong(Long::longValue).toArray());
        }
        if (has("pad_token_id")) {
            options.padTokenId(integer("pad_token_id", 0));
        }
        if (has("decoder_start_token_id")) {
            options.decoderStartTokenId(integer("decoder_start_token_id", 0));
        }
        if (has("early_stopping")) {
            only("early_stopping", true, false);
            options.earlyStopping(flag("early_stopping", false));
        }
    }

    private List<String> texts(String key) {
        Object value = values().get(key);
        if (value instanceof String text) {
            return List.of(text);
        } else if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
            return list.stream().map(String.class::cast).toList();
        }
        throw new ConfigException(FILE + " has " + key + " = " + value + ", but it must be a text or a list of texts");
    }

    /** Returns the tokens of a list, or one token. */
    private List<Long> tokens(String key) {
        return values().get(key) instanceof List<?> ? integers(key) : has(key) ? List.of(integer(key, 0)) : List.of();
    }
}
