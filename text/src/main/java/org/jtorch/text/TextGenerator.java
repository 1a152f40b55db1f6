package org.jtorch.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.jtorch.TensorScope;
import org.jtorch.models.Pretrained;
import org.jtorch.models.decoder.GenerativeModel;
import org.jtorch.models.generation.GenerationOptions;
import org.jtorch.models.pretrained.ConfigException;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.text.chat.ChatMessage;
import org.jtorch.text.chat.ChatTemplate;
import org.jtorch.text.tokenizers.EncodeOptions;
import org.jtorch.text.tokenizers.PaddingSide;
import org.jtorch.text.tokenizers.TokenBatch;
import org.jtorch.text.tokenizers.Tokenizer;
import org.jtorch.text.tokenizers.Tokens;

/**
 * Continues texts, and answers in conversations. A model with an encoder, such as T5, does not continue a text, but answers it. The options
 * begin with those of the folder; see {@link GenerationOptions#fromPretrained}. Several threads may use it; each needs the memory of a
 * cache of its own.
 *
 * <pre>{@code
 * try (TextGenerator generator = TextGenerator.load(Path.of("Qwen2.5-0.5B-Instruct"))) {
 *     GeneratedText answer = generator.chat(List.of(ChatMessage.user("Name three colours.")), o -> o.maxNewTokens(50));
 *     try (Stream<String> pieces = generator.stream("Once upon a time", o -> o.maxNewTokens(50))) {
 *         pieces.forEach(System.out::print);
 *     }
 * }
 * }</pre>
 */
public final class TextGenerator implements AutoCloseable {

    private static final String GENERATION_CONFIG = "generation_config.json";

    /** The folder that was read, or null. */
    private final @Nullable Path folder;

    private final GenerativeModel<?, ?, ?> model;
    private final Tokenizer tokenizer;
    private final EncodeOptions encoding;
    private final @Nullable String chatTemplate;

    private TextGenerator(
            @Nullable Path folder, GenerativeModel<?, ?, ?> model, Tokenizer tokenizer, TextOptions options) {
        this.folder = folder;
        this.model = model;
        this.tokenizer = tokenizer;
        this.encoding = EncodeOptions.DEFAULTS.withMaxLength(options.maxLength);
        this.chatTemplate = options.chatTemplate;
    }

    /**
     * Creates a generator from a model and a tokenizer, with the default options of {@link GenerationOptions}.
     *
     * @param model the model, in eval mode
     * @param tokenizer its tokenizer, which the generator closes
     */
    public static TextGenerator of(GenerativeModel<?, ?, ?> model, Tokenizer tokenizer) {
        return new TextGenerator(null, model, tokenizer, TextOptions.of(o -> {}));
    }

    /** Reads a folder with the default options; see {@link #load(Path, Consumer)}. */
    public static TextGenerator load(Path folder) {
        return load(folder, o -> {});
    }

    /**
     * Reads a folder with a model that generates, and its tokenizer.
     *
     * @param folder the folder
     * @param options sets the optional arguments
     * @return the generator
     * @throws ConfigException if the folder has another kind of model, or asks for something that is not computed
     * @throws org.jtorch.text.tokenizers.TokenizerException if the tokenizer cannot be read
     * @throws org.jtorch.serialize.format.CheckpointException if weights are missing or damaged
     */
    public static TextGenerator load(Path folder, Consumer<? super TextOptions> options) {
        TextOptions chosen = TextOptions.of(options);
        PretrainedModel<?, ?, ?> model = Pretrained.load(folder, chosen.model);
        if (!(model instanceof GenerativeModel<?, ?, ?> generative)) {
            throw new ConfigException(
                    "the model in " + folder + " is a "
                            + model.getClass().getSimpleName()
                            + ", but a generator of texts must be one that writes tokens, as LlamaForCausalLM or T5ForConditionalGeneration does");
        }
        GenerationOptions.of(o -> o.fromPretrained(folder)); // refuses what it does not know now, not later
        return new TextGenerator(folder, generative, chosen.tokenizer.apply(folder), chosen);
    }

    /** Continues a text with the folder's options. */
    public GeneratedText generate(String prompt) {
        return generate(prompt, o -> {});
    }

    /**
     * Continues or answers a text.
     *
     * @param prompt the text, to which the tokenizer adds its special tokens
     * @param options sets the optional arguments, which begin with the folder's
     * @return what follows, without the prompt
     */
    public GeneratedText generate(String prompt, Consumer<? super GenerationOptions> options) {
        return run(encode(prompt), options, piece -> {});
    }

    /**
     * Continues a text, and gives its pieces as soon as they are there.
     *
     * @param prompt the text, to which the tokenizer adds its special tokens
     * @param options sets the optional arguments, which begin with the folder's
     * @param listener is given each piece by this thread; a beam search gives the text in one piece
     * @return what follows
     */
    public GeneratedText generate(
            String prompt, Consumer<? super GenerationOptions> options, Consumer<? super String> listener) {
        return run(encode(prompt), options, listener);
    }

    /**
     * Continues a text, and gives its pieces as soon as they are there.
     *
     * @param prompt the text
     * @param options sets the optional arguments
     * @return the pieces; closing the stream frees the cache and ends the computation
     */
    public Stream<String> stream(String prompt, Consumer<? super GenerationOptions> options) {
        return stream(encode(prompt), options);
    }

    /**
     * Answers in a conversation, by the folder's template.
     *
     * @param messages the conversation
     * @param options sets the optional arguments
     * @return the answer
     * @throws org.jtorch.text.chat.ChatTemplateException if the folder has no template, or if it refuses the conversation
     */
    public GeneratedText chat(List<ChatMessage> messages, Consumer<? super GenerationOptions> options) {
        return run(prompt(messages), options, piece -> {});
    }

    /** Answers in a conversation, and gives the pieces of the answer as soon as they are there, as {@link #generate} does. */
    public GeneratedText chat(
            List<ChatMessage> messages,
            Consumer<? super GenerationOptions> options,
            Consumer<? super String> listener) {
        return run(prompt(messages), options, listener);
    }

    /** Answers in a conversation, and gives the pieces of the answer as soon as they are there; see {@link #stream}. */
    public Stream<String> streamChat(List<ChatMessage> messages, Consumer<? super GenerationOptions> options) {
        return stream(prompt(messages), options);
    }

    /**
     * Continues several texts at once, each as {@link #generate(String, Consumer)} would, but for draws.
     *
     * @param prompts the texts
     * @param options sets the optional arguments
     * @return what follows each
     */
    public List<GeneratedText> generateAll(List<String> prompts, Consumer<? super GenerationOptions> options) {
        if (prompts.isEmpty()) {
            return List.of();
        }
        List<Tokens> tokens = prompts.stream().map(this::encode).toList();
        try (TensorScope scope = new TensorScope()) {
            return GenerationRun.all(model, tokenizer, batch(tokens), tokens, beginning(options), pieces -> {});
        }
    }

    private Tokens prompt(List<ChatMessage> messages) {
        ChatTemplate template = chatTemplate == null
                ? ChatTemplate.of(tokenizer.config())
                : new ChatTemplate(chatTemplate, tokenizer.config().specialTokens());
        return tokenizer.encode(template.apply(messages), null, encoding.withSpecialTokens(false));
    }

    private Tokens encode(String prompt) {
        Tokens tokens = tokenizer.encode(prompt, null, encoding);
        if (tokens.size() == 0) {
            throw new IllegalArgumentException(
                    "the prompt \"" + prompt + "\" has no tokens, so that nothing can follow it");
        }
        return tokens;
    }

    private Consumer<GenerationOptions> beginning(Consumer<? super GenerationOptions> options) {
        return o -> {
            if (folder != null) {
                o.fromPretrained(folder);
            }
            options.accept(o);
        };
    }

    private GeneratedText run(
            Tokens prompt, Consumer<? super GenerationOptions> options, Consumer<? super String> listener) {
        List<Tokens> prompts = List.of(prompt);
        Consumer<List<String>> pieces = step -> {
            if (!step.get(0).isEmpty()) {
                listener.accept(step.get(0));
            }
        };
        try (TensorScope scope = new TensorScope()) {
            return GenerationRun.all(model, tokenizer, batch(prompts), prompts, beginning(options), pieces)
                    .get(0);
        }
    }

    private Stream<String> stream(Tokens prompt, Consumer<? super GenerationOptions> options) {
        List<Tokens> prompts = List.of(prompt);
        GenerationRun run;
        try (TensorScope scope = new TensorScope()) {
            run = new GenerationRun(model, tokenizer, batch(prompts), prompts, beginning(options));
        }
        Iterator<String> pieces = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return run.hasNext();
            }

            @Override
            public String next() {
                return run.next().get(0);
            }
        };
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(pieces, Spliterator.ORDERED), false)
                .filter(piece -> !piece.isEmpty())
                .onClose(run::close);
    }

    private TokenBatch batch(List<Tokens> prompts) {
        PaddingSide side = model.isEncoderDecoder() ? PaddingSide.RIGHT : PaddingSide.LEFT;
        return TokenBatch.of(prompts, tokenizer.config().padTokenIdOrZero(), side, Devices.of(model));
    }

    /**
     * Writes the model, its tokenizer and its options into a folder, from which they can be read again, here and in Python.
     *
     * @param to the folder; it is made if it is not there
     */
    public void savePretrained(Path to) {
        model.savePretrained(to);
        tokenizer.savePretrained(to);
        Path config = folder == null ? null : folder.resolve(GENERATION_CONFIG);
        if (config != null && Files.exists(config) && !to.equals(folder)) {
            try {
                Files.copy(config, to.resolve(GENERATION_CONFIG), StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new ConfigException(config + " cannot be written to " + to + ": " + e, e);
            }
        }
    }

    /** Returns the model, which can be trained further. */
    public GenerativeModel<?, ?, ?> model() {
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
