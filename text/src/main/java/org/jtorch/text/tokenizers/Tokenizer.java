package org.jtorch.text.tokenizers;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes texts into tokens and back. Several threads may use one tokenizer.
 *
 * <p>{@link HuggingFaceTokenizer} reads those of the Hugging Face Hub. Another implementation, such as one in pure Java, needs only
 * the methods without a default.
 */
public interface Tokenizer extends AutoCloseable {

    /**
     * Makes one or two texts into tokens.
     *
     * @param text the text
     * @param pair the second text, as a question and an answer; null if there is none
     * @param options what is added and what is cut
     * @return the tokens
     */
    Tokens encode(String text, @Nullable String pair, EncodeOptions options);

    /**
     * Makes tokens into a text.
     *
     * @param ids the tokens
     * @param skipSpecialTokens whether tokens such as {@code [CLS]} or {@code </s>} are left out
     * @return the text; bytes that are not whole characters become U+FFFD
     */
    String decode(long[] ids, boolean skipSpecialTokens);

    /** Returns what is said of the tokenizer: its special tokens, the side of padding, the greatest number of tokens. */
    TokenizerConfig config();

    /**
     * Writes the tokenizer's files into a folder, from which it can be read again, here and in Python.
     *
     * @param folder the folder; it is made if it is not there
     * @throws TokenizerException if the files cannot be written
     */
    void savePretrained(Path folder);

    /** Makes a text into tokens, with special tokens and uncut. */
    default Tokens encode(String text) {
        return encode(text, null, EncodeOptions.DEFAULTS);
    }

    /** Makes a pair of texts into tokens, with special tokens and uncut. */
    default Tokens encode(String text, String pair) {
        return encode(text, pair, EncodeOptions.DEFAULTS);
    }

    /** Makes texts into tokens, each by itself. */
    default List<Tokens> encodeAll(List<String> texts, EncodeOptions options) {
        return texts.stream().map(text -> encode(text, null, options)).toList();
    }

    /** Makes tokens into a text, without special tokens. */
    default String decode(long... ids) {
        return decode(ids, true);
    }

    /**
     * Frees what the tokenizer holds, after the calls of other threads have ended. Later calls throw
     * {@link IllegalStateException}.
     */
    @Override
    void close();
}
