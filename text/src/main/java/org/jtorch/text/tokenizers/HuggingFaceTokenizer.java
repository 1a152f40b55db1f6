package org.jtorch.text.tokenizers;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A tokenizer of the Hugging Face Hub, run by Hugging Face's own library through {@code ai.djl.huggingface:tokenizers}, which has it
 * for Linux, macOS and Windows.
 *
 * <pre>{@code
 * try (Tokenizer tokenizer = HuggingFaceTokenizer.load(Path.of("bert-base-uncased"))) {
 *     Tokens tokens = tokenizer.encode("The cat sits on the mat.");
 *     String text = tokenizer.decode(tokens.ids());
 * }
 * }</pre>
 *
 * <p>Half of a surrogate pair, which is no character, is read as U+FFFD.
 *
 * <p>The library is told to send no telemetry: the system property {@code OPT_OUT_TRACKING} is set to {@code true} unless you set it,
 * as a property or in the environment.
 */
public final class HuggingFaceTokenizer implements Tokenizer {

    private static final long MAX_ID = 0xFFFF_FFFFL;

    static {
        Telemetry.optOut();
    }

    private final ai.djl.huggingface.tokenizers.HuggingFaceTokenizer engine;
    private final TokenizerConfig config;

    /** The file with the vocabulary. */
    private final Path file;

    /** The native library must not be freed while another thread is in it: closing waits for the write lock. */
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    private boolean closed;

    private HuggingFaceTokenizer(
            ai.djl.huggingface.tokenizers.HuggingFaceTokenizer engine, TokenizerConfig config, Path file) {
        this.engine = engine;
        this.config = config;
        this.file = file;
    }

    /**
     * Reads a tokenizer.
     *
     * @param path a folder with {@code tokenizer.json}, or that file; {@code tokenizer_config.json} beside it is read if it is there
     * @return the tokenizer
     * @throws TokenizerException if there is no such file, or if it is damaged
     */
    public static HuggingFaceTokenizer load(Path path) {
        Path file = TokenizerFiles.vocabulary(path);
        TokenizerConfig config = TokenizerFiles.config(file);
        try (InputStream stream = Files.newInputStream(file)) {
            // cutting and padding are done here, for each call as it asks
            return new HuggingFaceTokenizer(
                    ai.djl.huggingface.tokenizers.HuggingFaceTokenizer.newInstance(
                            stream, Map.of("truncation", "false", "padding", "false")),
                    config,
                    file);
        } catch (IOException | RuntimeException e) {
            throw new TokenizerException(file + " cannot be read as a tokenizer: " + e.getMessage(), e);
        }
    }

    @Override
    public Tokens encode(String text, @Nullable String pair, EncodeOptions options) {
        boolean special = options.addSpecialTokens();
        String first = whole(text);
        Encoding encoding = use(() -> pair == null
                ? engine.encode(first, special, false)
                : engine.encode(first, whole(pair), special, false));
        return cut(tokens(encoding, text, pair), options);
    }

    @Override
    public List<Tokens> encodeAll(List<String> texts, EncodeOptions options) {
        if (texts.isEmpty()) {
            return List.of();
        }
        List<String> whole = texts.stream().map(HuggingFaceTokenizer::whole).toList();
        Encoding[] encodings = use(() -> engine.batchEncode(whole, options.addSpecialTokens(), false));
        List<Tokens> all = new ArrayList<>();
        for (int i = 0; i < encodings.length; i++) {
            all.add(cut(tokens(encodings[i], texts.get(i), null), options));
        }
        return all;
    }

    /** Calls the native library. */
    private <R> R use(Supplier<R> call) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the tokenizer was closed");
            }
            return call.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Returns a text without halves of surrogate pairs, with the same number of characters. */
    private static String whole(String text) {
        StringBuilder whole = null;
        for (int i = 0; i < text.length(); i++) {
            boolean isPair = i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
            if (isPair) {
                i++;
            } else if (Character.isSurrogate(text.charAt(i))) {
                whole = whole == null ? new StringBuilder(text) : whole;
                whole.setCharAt(i, '\uFFFD');
            }
        }
        return whole == null ? text : whole.toString();
    }

    private Tokens cut(Tokens tokens, EncodeOptions options) {
        Integer maxLength = options.maxLength();
        return maxLength == null ? tokens : Truncation.apply(tokens, maxLength, config.truncationSide());
    }

    private static Tokens tokens(Encoding encoding, String text, @Nullable String pair) {
        long[] sequences = encoding.getSequenceIds();
        long[] mask = encoding.getSpecialTokenMask();
        boolean[] special = new boolean[mask.length];
        CharSpan[] spans = encoding.getCharTokenSpans();
        List<Offset> offsets = new ArrayList<>();
        CharIndices first = new CharIndices(text);
        CharIndices second = new CharIndices(pair == null ? "" : pair);
        for (int i = 0; i < spans.length; i++) {
            special[i] = mask[i] != 0;
            CharSpan span = spans[i];
            if (span == null || sequences[i] < 0) {
                offsets.add(Offset.NONE);
            } else {
                CharIndices indices = sequences[i] == 0 ? first : second;
                offsets.add(new Offset(indices.of(span.getStart()), indices.of(span.getEnd())));
            }
        }
        return new Tokens(
                encoding.getIds(),
                encoding.getTypeIds(),
                sequences,
                Arrays.asList(encoding.getTokens()),
                offsets,
                special,
                false);
    }

    @Override
    public String decode(long[] ids, boolean skipSpecialTokens) {
        if (ids.length == 0) {
            return "";
        }
        for (long id : ids) {
            if (id < 0 || id > MAX_ID) {
                throw new IllegalArgumentException(
                        "a token has the number " + id + ", but numbers are from 0 to " + MAX_ID);
            }
        }
        String text = use(() -> engine.decode(ids, skipSpecialTokens));
        return config.cleanUpSpaces() ? cleanUp(text) : text;
    }

    /** Removes the spaces before punctuation and in English short forms, as {@code clean_up_tokenization_spaces} asks. */
    private static String cleanUp(String text) {
        return text.replace(" .", ".")
                .replace(" ?", "?")
                .replace(" !", "!")
                .replace(" ,", ",")
                .replace(" ' ", "'")
                .replace(" n't", "n't")
                .replace(" 'm", "'m")
                .replace(" 's", "'s")
                .replace(" 've", "'ve")
                .replace(" 're", "'re");
    }

    @Override
    public void savePretrained(Path folder) {
        TokenizerFiles.copy(file, folder);
    }

    @Override
    public TokenizerConfig config() {
        return config;
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                engine.close();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** The indices of {@code char}s that belong to counts of code points. */
    private static final class CharIndices {

        private final String text;
        private final boolean same;
        private int points;
        private int chars;

        CharIndices(String text) {
            this.text = text;
            this.same = text.length() == text.codePointCount(0, text.length());
        }

        int of(int point) {
            if (same) {
                return point;
            }
            chars = text.offsetByCodePoints(chars, point - points);
            points = point;
            return chars;
        }
    }
}
