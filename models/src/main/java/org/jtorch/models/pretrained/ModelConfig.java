package org.jtorch.models.pretrained;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.serialize.format.CheckpointException;

/**
 * The configuration of a model: what Hugging Face's {@code config.json} contains, with its names and defaults. It does not change.
 *
 * <p>A subclass has a public final field for each key that the model uses, which is read when it is initialized. A key that is
 * neither read nor known to have no effect on the results is refused, since the model would compute something else.
 *
 * <pre>{@code
 * public final class TinyConfig extends ModelConfig {
 *     public final long hiddenSize = integer("hidden_size", 128);
 *     public final double layerNormEps = number("layer_norm_eps", 1e-5);
 *
 *     public TinyConfig(Map<String, ?> values) {
 *         super("tiny", values);
 *         refuseUnknown();
 *     }
 * }
 * }</pre>
 */
public abstract class ModelConfig {

    /** The keys of sizes, and of numbers of layers and heads. */
    private static final Pattern SIZE = Pattern.compile(
            "num_(hidden_layers|attention_heads|key_value_heads)|(hidden|vocab|intermediate)_size|head_dim|hidden_dim|dim"
                    + "|n_(layers?|heads?|embd)");

    /** Keys of every configuration that do not change what a model computes. */
    private static final Set<String> NEUTRAL = Set.of(
            "transformers_version",
            "architectures",
            "auto_map",
            "model_type",
            "output_hidden_states",
            "output_attentions",
            "return_dict",
            "use_return_dict",
            "torchscript",
            "dtype",
            "torch_dtype",
            "_name_or_path",
            "_commit_hash",
            "_attn_implementation",
            "_attn_implementation_autoset",
            "attn_implementation",
            "chunk_size_feed_forward",
            "id2label",
            "label2id",
            "num_labels",
            "problem_type",
            "task_specific_params",
            "tokenizer_class",
            "finetuning_task",
            "prefix",
            "use_cache",
            "initializer_range",
            "gradient_checkpointing",
            "bos_token_id",
            "eos_token_id",
            "pad_token_id",
            "sep_token_id",
            "decoder_start_token_id",
            "forced_bos_token_id",
            "forced_eos_token_id",
            "bad_words_ids",
            "suppress_tokens",
            "begin_suppress_tokens",
            "do_sample",
            "early_stopping",
            "max_length",
            "min_length",
            "num_beams",
            "num_beam_groups",
            "num_return_sequences",
            "diversity_penalty",
            "encoder_no_repeat_ngram_size",
            "no_repeat_ngram_size",
            "exponential_decay_length_penalty",
            "length_penalty",
            "repetition_penalty",
            "temperature",
            "top_k",
            "top_p",
            "typical_p",
            "output_scores",
            "return_dict_in_generate",
            "remove_invalid_values",
            "tf_legacy_loss",
            "use_bfloat16");

    private final Map<String, @Nullable Object> values;
    private final Set<String> read = new HashSet<>();

    /**
     * Creates a configuration.
     *
     * @param modelType the name of the architecture, {@code model_type} in the file
     * @param values the values that differ from the defaults, by their names in the file
     * @throws ConfigException if the values are those of another architecture
     */
    protected ModelConfig(String modelType, Map<String, ? extends @Nullable Object> values) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        copy.put("model_type", modelType);
        copy.putAll(values);
        if (!modelType.equals(copy.get("model_type"))) {
            throw new ConfigException("the configuration is that of a model of type '" + copy.get("model_type")
                    + "', but it was given to one of type '" + modelType + "'");
        }
        this.values = Collections.unmodifiableMap(copy);
    }

    // --- for subclasses ----------------------------------------------------------------------------------------

    /** Returns whether there is a value that is not null. */
    protected final boolean has(String key) {
        return value(key) != null;
    }

    /**
     * Returns a whole number, or the default if there is none.
     *
     * @throws ConfigException if it is less than 1, though it is a size or a number of layers or heads
     */
    protected final long integer(String key, long standard) {
        Object value = value(key);
        long number = whole(key, value, standard);
        if (value != null && number < 1 && SIZE.matcher(key).matches()) {
            throw wrong(key, value, "a number of at least 1");
        }
        return number;
    }

    /** Returns a number, or the default if there is none. */
    protected final double number(String key, double standard) {
        Object value = value(key);
        if (value == null) {
            return standard;
        }
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw wrong(key, value, "a number");
    }

    /** Returns whether something is so, or the default if there is no value. */
    protected final boolean flag(String key, boolean standard) {
        Object value = value(key);
        if (value == null) {
            return standard;
        }
        if (value instanceof Boolean truth) {
            return truth;
        }
        throw wrong(key, value, "true or false");
    }

    /** Returns a text, or the default if there is none. */
    protected final String text(String key, String standard) {
        Object value = value(key);
        if (value == null) {
            return standard;
        }
        if (value instanceof String text) {
            return text;
        }
        throw wrong(key, value, "a text");
    }

    /** Returns whole numbers, or the default if there are none. */
    protected final List<Long> integers(String key, Long... standard) {
        Object value = value(key);
        if (value == null) {
            return List.of(standard);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(each -> whole(key, each, 0)).toList();
        }
        throw wrong(key, value, "a list of whole numbers");
    }

    /** Returns numbers, or the default if there are none. */
    protected final List<Double> numbers(String key, Double... standard) {
        Object value = value(key);
        if (value == null) {
            return List.of(standard);
        }
        if (value instanceof List<?> list && list.stream().allMatch(Number.class::isInstance)) {
            return list.stream().map(each -> ((Number) each).doubleValue()).toList();
        }
        throw wrong(key, value, "a list of numbers");
    }

    /** Returns two whole numbers, such as a height and a width: those of a list, or one number twice. */
    protected final List<Long> pair(String key, long standard) {
        Object value = value(key);
        if (!(value instanceof List<?>)) {
            long both = whole(key, value, standard);
            return List.of(both, both);
        }
        List<Long> pair = integers(key);
        if (pair.size() != 2) {
            throw wrong(key, value, "a whole number or two of them");
        }
        return pair;
    }

    /** Returns truths, or the default if there are none. */
    protected final List<Boolean> flags(String key, Boolean... standard) {
        Object value = value(key);
        if (value == null) {
            return List.of(standard);
        }
        if (value instanceof List<?> list && list.stream().allMatch(Boolean.class::isInstance)) {
            return list.stream().map(Boolean.class::cast).toList();
        }
        throw wrong(key, value, "a list of true and false");
    }

    /**
     * Returns the rows of a table, or the default if there is none.
     *
     * @param columns the number of values in each row
     */
    protected final List<ConfigRow> rows(String key, int columns, List<? extends List<?>> standard) {
        Object value = value(key);
        Object table = value == null ? standard : value;
        if (table instanceof List<?> list
                && list.stream().allMatch(row -> row instanceof List<?> values && values.size() == columns)) {
            return list.stream().map(row -> new ConfigRow(key, (List<?>) row)).toList();
        }
        throw wrong(key, table, "a list of rows with " + columns + " values each");
    }

    /** Returns texts, or the default if there are none. */
    protected final List<String> texts(String key, String... standard) {
        Object value = value(key);
        if (value == null) {
            return List.of(standard);
        }
        if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
            return list.stream().map(String.class::cast).toList();
        }
        throw wrong(key, value, "a list of texts");
    }

    /** Returns an object's values by name; an empty map if there is none. */
    protected final Map<String, @Nullable Object> object(String key) {
        Object value = value(key);
        if (value == null) {
            return Map.of();
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            map.forEach((name, each) -> object.put(String.valueOf(name), each));
            return object;
        }
        throw wrong(key, value, "an object");
    }

    /** Returns an activation by its name in {@code transformers}, or that of the default name. */
    protected final UnaryOperator<Tensor> activation(String key, String standard) {
        return activationNamed(key, text(key, standard));
    }

    /** Returns an activation by its name in {@code transformers}, which was found in the value of a key. */
    protected final UnaryOperator<Tensor> activationNamed(String key, String name) {
        UnaryOperator<Tensor> activation = Activations.find(name);
        if (activation == null) {
            throw wrong(key, name, "one of " + Activations.names());
        }
        return activation;
    }

    /**
     * Refuses every value but the given ones, for a key of which the model computes only these.
     *
     * @param accepted the values that are accepted; a missing value and null are accepted too
     * @throws ConfigException if there is another value
     */
    protected final void only(String key, @Nullable Object... accepted) {
        Object value = value(key);
        if (value != null && Arrays.stream(accepted).noneMatch(each -> isSame(each, value))) {
            throw wrong(
                    key,
                    value,
                    accepted.length == 1 ? String.valueOf(accepted[0]) : "one of " + Arrays.toString(accepted));
        }
    }

    /** Says that the values of these keys change nothing that the model computes. */
    protected final void ignore(String... keys) {
        read.addAll(Arrays.asList(keys));
    }

    /**
     * Refuses keys that were not read, and that are not known to have no effect. A subclass calls this at the end of its constructor.
     *
     * @throws ConfigException if there are such keys
     */
    protected final void refuseUnknown() {
        Set<String> unknown = new TreeSet<>();
        values.forEach((key, value) -> {
            if (value != null && !read.contains(key) && !NEUTRAL.contains(key)) {
                unknown.add(key + " = " + value);
            }
        });
        if (!unknown.isEmpty()) {
            throw new ConfigException(
                    "the configuration of a model of type '" + modelType() + "' has values that are not"
                            + " known, so that the model could compute something else: " + String.join(", ", unknown)
                            + "; remove them if they have no effect");
        }
    }

    // --- for users ---------------------------------------------------------------------------------------------

    /** Returns the name of the architecture. */
    public final String modelType() {
        return (String) Objects.requireNonNull(values.get("model_type"));
    }

    /** Returns the values as they were given, by their names in the file, with the type of the model. */
    public final Map<String, @Nullable Object> values() {
        return values;
    }

    /** Returns the number of classes of a classifier: that of {@code id2label}, or of {@code num_labels}; 2 by default. */
    public final long numLabels() {
        Map<String, @Nullable Object> labels = object("id2label");
        return labels.isEmpty() ? integer("num_labels", 2) : labels.size();
    }

    /** Returns the names of the classes of a classifier in their order; {@code LABEL_0}, {@code LABEL_1}, … by default. */
    public final List<String> labels() {
        Map<String, @Nullable Object> labels = object("id2label");
        String[] names = new String[Math.toIntExact(numLabels())];
        for (int i = 0; i < names.length; i++) {
            Object name = labels.get(String.valueOf(i));
            names[i] = name == null ? "LABEL_" + i : name.toString();
        }
        return List.of(names);
    }

    /** Reads the values in the file {@code config.json} of a folder, or in a file of another name. */
    public static Map<String, @Nullable Object> read(Path path) {
        return ConfigFiles.read(path);
    }

    /**
     * Writes an object, or a list of objects, as a file beside a model's weights. An older file is replaced in one step.
     *
     * @param file the file, whose folder exists
     * @param values a map with texts as keys, or a list of such maps
     * @throws org.jtorch.serialize.format.CheckpointException if the file cannot be written
     */
    public static void write(Path file, Object values) {
        try {
            ConfigFiles.write(file, values);
        } catch (IOException e) {
            throw new CheckpointException(file + " cannot be written: " + e, e);
        }
    }

    /** Reads a file that contains a list of objects. */
    public static List<Map<String, @Nullable Object>> readList(Path file) {
        return ConfigFiles.readList(file);
    }

    private @Nullable Object value(String key) {
        read.add(key);
        return values.get(key);
    }

    private static long whole(String key, @Nullable Object value, long standard) {
        if (value == null) {
            return standard;
        }
        if (value instanceof Long || value instanceof Integer) {
            return ((Number) value).longValue();
        }
        throw wrong(key, value, "a whole number");
    }

    private static boolean isSame(@Nullable Object accepted, Object value) {
        return (accepted instanceof Number a && value instanceof Number b)
                ? a.doubleValue() == b.doubleValue()
                : Objects.equals(accepted, value);
    }

    private static ConfigException wrong(String key, Object value, String need) {
        // a text that looks like a number would otherwise look right
        boolean looksRight = value instanceof String text && text.matches("-?[\\d.]+|true|false|null");
        String shown = looksRight ? '"' + value.toString() + '"' : value.toString();
        return new ConfigException("the configuration has " + key + " = " + shown + ", but it must be " + need);
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + values;
    }
}
