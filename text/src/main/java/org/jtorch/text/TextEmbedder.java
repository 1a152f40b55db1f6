package org.jtorch.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.pretrained.ConfigException;
import org.jtorch.models.pretrained.ModelConfig;
import org.jtorch.models.sentence.SentenceEncoder;
import org.jtorch.text.tokenizers.EncodeOptions;
import org.jtorch.text.tokenizers.TokenBatch;
import org.jtorch.text.tokenizers.Tokenizer;
import org.jtorch.text.tokenizers.Tokens;

/**
 * Makes texts into embeddings: vectors that are close if the texts mean the same. It computes what {@code sentence-transformers}
 * computes from the same folder. Several threads may use it.
 *
 * <pre>{@code
 * try (TextEmbedder embedder = TextEmbedder.load(Path.of("all-MiniLM-L6-v2"))) {
 *     float[] cat = embedder.embed("The cat sits on the mat.");
 * }
 * }</pre>
 */
public final class TextEmbedder implements AutoCloseable {

    private static final String CONFIG = "config_sentence_transformers.json";

    private final SentenceEncoder model;
    private final Tokenizer tokenizer;
    private final EncodeOptions encoding;
    private final int batchSize;
    private final Map<String, String> prompts;
    private final @Nullable String defaultPromptName;

    private TextEmbedder(
            SentenceEncoder model,
            Tokenizer tokenizer,
            EncodeOptions encoding,
            int batchSize,
            Map<String, String> prompts,
            @Nullable String defaultPromptName) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.encoding = encoding;
        this.batchSize = batchSize;
        this.prompts = prompts;
        this.defaultPromptName = defaultPromptName;
    }

    /** Reads a folder with the default options; see {@link #load(Path, Consumer)}. */
    public static TextEmbedder load(Path folder) {
        return load(folder, o -> {});
    }

    /**
     * Reads a folder of {@code sentence-transformers}: the model, its tokenizer, and the prompts of
     * {@code config_sentence_transformers.json}.
     *
     * @param folder the folder
     * @param options sets the optional arguments
     * @return the embedder
     * @throws ConfigException if the folder asks for something that is not computed
     * @throws org.jtorch.text.tokenizers.TokenizerException if the tokenizer cannot be read
     * @throws org.jtorch.serialize.format.CheckpointException if weights are missing or damaged
     */
    public static TextEmbedder load(Path folder, Consumer<? super TextOptions> options) {
        TextOptions chosen = TextOptions.of(options);
        SentenceEncoder model = SentenceEncoder.fromPretrained(folder, chosen.model);
        Tokenizer tokenizer = chosen.tokenizer.apply(folder);
        Long own = model.maxSeqLength();
        Integer maxLength = chosen.maxLength != null
                ? chosen.maxLength
                : own != null
                        ? (Integer) Math.toIntExact(own)
                        : tokenizer.config().modelMaxLength();
        Map<String, String> prompts = new LinkedHashMap<>();
        String standard = null;
        Path file = folder.resolve(CONFIG);
        if (Files.exists(file)) {
            Map<String, @Nullable Object> values = ModelConfig.read(file);
            if (values.get("prompts") instanceof Map<?, ?> map) {
                map.forEach(
                        (name, prompt) -> prompts.put(String.valueOf(name), prompt instanceof String text ? text : ""));
            }
            if (values.get("default_prompt_name") instanceof String name) {
                if (!prompts.containsKey(name)) {
                    throw new ConfigException(
                            file + " has default_prompt_name = " + name + ", but prompts only of " + prompts.keySet());
                }
                standard = name;
            }
        }
        return new TextEmbedder(
                model,
                tokenizer,
                EncodeOptions.DEFAULTS.withMaxLength(maxLength),
                chosen.batchSize,
                Map.copyOf(prompts),
                standard);
    }

    /** Returns the embedding of a text, with the folder's default prompt before it if there is one. */
    public float[] embed(String text) {
        return embedAll(List.of(text)).get(0);
    }

    /** Returns the embeddings of texts in their order, with the folder's default prompt before each if there is one. */
    public List<float[]> embedAll(List<String> texts) {
        String prompt = defaultPromptName == null ? null : prompts.get(defaultPromptName);
        return embedAll(texts, prompt == null ? "" : prompt);
    }

    /**
     * Returns the embeddings of texts in their order.
     *
     * @param texts the texts
     * @param prompt what stands before each text, such as {@code "query: "}; see {@link #prompts}
     */
    public List<float[]> embedAll(List<String> texts, String prompt) {
        List<Tokens> tokens =
                tokenizer.encodeAll(texts.stream().map(prompt::concat).toList(), encoding);
        return TextBatches.map(tokens, batchSize, this::compute);
    }

    private List<float[]> compute(List<Tokens> texts) {
        try (TensorScope scope = new TensorScope()) {
            TokenBatch batch = TokenBatch.of(texts, tokenizer.config(), Devices.of(model));
            Tensor embeddings = model.infer(new EncoderInput(batch.inputIds(), batch.attentionMask()));
            float[] all =
                    embeddings.to(Device.CPU).to(DType.FLOAT32).contiguous().toFloatArray();
            int dimension = all.length / texts.size();
            List<float[]> rows = new ArrayList<>();
            for (int i = 0; i < texts.size(); i++) {
                rows.add(Arrays.copyOfRange(all, i * dimension, (i + 1) * dimension));
            }
            return rows;
        }
    }

    /**
     * Writes the model, its tokenizer and its prompts into a folder, from which they can be read again, here and in Python.
     *
     * @param folder the folder; it is made if it is not there
     * @throws org.jtorch.serialize.format.CheckpointException if a file cannot be written
     */
    public void savePretrained(Path folder) {
        model.savePretrained(folder);
        tokenizer.savePretrained(folder);
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("prompts", prompts);
        values.put("default_prompt_name", defaultPromptName);
        values.put("similarity_fn_name", "cosine");
        ModelConfig.write(folder.resolve(CONFIG), values);
    }

    /** Returns the prompts of the folder by their names, such as {@code query} and {@code document}. */
    public Map<String, String> prompts() {
        return prompts;
    }

    /** Returns the model, which can be trained further. */
    public SentenceEncoder model() {
        return model;
    }

    /** Returns the tokenizer. */
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /**
     * Returns the cosine of the angle between two embeddings: 1 for the same direction, and 0 if one of them is all 0.
     *
     * @throws IllegalArgumentException if they have different lengths
     */
    public static double cosineSimilarity(float[] a, float[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException(
                    "the embeddings have " + a.length + " and " + b.length + " numbers, but must have as many");
        }
        double product = 0;
        double ofA = 0;
        double ofB = 0;
        for (int i = 0; i < a.length; i++) {
            product += (double) a[i] * b[i];
            ofA += (double) a[i] * a[i];
            ofB += (double) b[i] * b[i];
        }
        return ofA == 0 || ofB == 0 ? 0 : product / Math.sqrt(ofA * ofB);
    }

    /** Frees the tokenizer. The weights are freed by the garbage collector. */
    @Override
    public void close() {
        tokenizer.close();
    }
}
