package org.jtorch.text;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.models.Pretrained;
import org.jtorch.models.classification.Classification;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.pretrained.ConfigException;
import org.jtorch.models.pretrained.ModelConfig;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.text.tokenizers.EncodeOptions;
import org.jtorch.text.tokenizers.TokenBatch;
import org.jtorch.text.tokenizers.Tokenizer;
import org.jtorch.text.tokenizers.Tokens;

/**
 * Says to which class a text belongs, such as whether it is friendly. It computes what the pipeline {@code text-classification} of
 * {@code transformers} computes from the same folder. Several threads may use it.
 *
 * <pre>{@code
 * try (TextClassifier classifier = TextClassifier.load(Path.of("sentiment"))) {
 *     Classification result = classifier.classify("What a nice day!");
 *     System.out.println(result.label() + " " + result.score());
 * }
 * }</pre>
 */
public final class TextClassifier implements AutoCloseable {

    private static final String HEAD = "ForSequenceClassification";

    private final PretrainedModel<?, EncoderInput, Tensor> model;
    private final Tokenizer tokenizer;
    private final EncodeOptions encoding;
    private final int batchSize;
    private final List<String> labels;
    private final boolean takesTypes;

    private TextClassifier(PretrainedModel<?, EncoderInput, Tensor> model, Tokenizer tokenizer, TextOptions options) {
        this.model = model;
        this.tokenizer = tokenizer;
        ModelConfig config = model.config();
        Integer limit = tokenizer.config().modelMaxLength();
        encoding = EncodeOptions.DEFAULTS.withMaxLength(options.maxLength != null ? options.maxLength : limit);
        batchSize = options.batchSize;
        labels = config.labels();
        takesTypes = tokenizer.config().givesTypes();
    }

    /** Reads a folder with the default options; see {@link #load(Path, Consumer)}. */
    public static TextClassifier load(Path folder) {
        return load(folder, o -> {});
    }

    /**
     * Reads a folder with a model whose architecture ends with {@code ForSequenceClassification}, and its tokenizer.
     *
     * @param folder the folder
     * @param options sets the optional arguments
     * @return the classifier
     * @throws ConfigException if the folder has another kind of model, or asks for something that is not computed
     * @throws org.jtorch.text.tokenizers.TokenizerException if the tokenizer cannot be read
     * @throws org.jtorch.serialize.format.CheckpointException if weights are missing or damaged
     */
    @SuppressWarnings("unchecked") // all models with this head have these types
    public static TextClassifier load(Path folder, Consumer<? super TextOptions> options) {
        TextOptions chosen = TextOptions.of(options);
        PretrainedModel<?, ?, ?> model = Pretrained.load(folder, chosen.model);
        if (!model.getClass().getSimpleName().endsWith(HEAD)) {
            throw new ConfigException("the model in " + folder + " is a "
                    + model.getClass().getSimpleName() + ", but a classifier of texts must be one whose name ends with "
                    + HEAD);
        }
        return new TextClassifier(
                (PretrainedModel<?, EncoderInput, Tensor>) model, chosen.tokenizer.apply(folder), chosen);
    }

    /** Classifies a text. */
    public Classification classify(String text) {
        return classifyAll(List.of(text)).get(0);
    }

    /** Classifies a pair of texts, such as a question and an answer. */
    public Classification classify(String text, String pair) {
        return compute(List.of(tokenizer.encode(text, pair, encoding))).get(0);
    }

    /** Classifies texts, and returns the results in their order. */
    public List<Classification> classifyAll(List<String> texts) {
        return TextBatches.map(tokenizer.encodeAll(texts, encoding), batchSize, this::compute);
    }

    private List<Classification> compute(List<Tokens> texts) {
        try (TensorScope scope = new TensorScope()) {
            TokenBatch batch = TokenBatch.of(texts, tokenizer.config(), Devices.of(model));
            @Nullable Tensor types = takesTypes ? batch.tokenTypeIds() : null;
            Tensor logits = model.infer(new EncoderInput(batch.inputIds(), batch.attentionMask(), types, null));
            return Classification.of(logits, model.config(), labels);
        }
    }

    /**
     * Writes the model and its tokenizer into a folder, from which they can be read again, here and in Python.
     *
     * @param folder the folder; it is made if it is not there
     */
    public void savePretrained(Path folder) {
        model.savePretrained(folder);
        tokenizer.savePretrained(folder);
    }

    /** Returns the names of the classes in the order of the model. */
    public List<String> labels() {
        return labels;
    }

    /** Returns the model, which can be trained further. */
    public PretrainedModel<?, EncoderInput, Tensor> model() {
        return model;
    }

    /** Returns the tokenizer. */
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /** Frees the tokenizer. The weights are freed by the garbage collector. */
    @Override
    public void close() {
        tokenizer.close();
    }
}
