package org.jtorch.text.tokenizers;

import org.jspecify.annotations.Nullable;

/**
 * How texts are made into tokens.
 *
 * @param addSpecialTokens whether tokens such as {@code [CLS]} are added, as the tokenizer's file says
 * @param maxLength the greatest number of tokens, with those that are added: of a longer text the end is cut, and of two texts that
 *     of the longer one; null if nothing is cut
 */
public record EncodeOptions(
        boolean addSpecialTokens, @Nullable Integer maxLength) {

    /** With special tokens, and uncut. */
    public static final EncodeOptions DEFAULTS = new EncodeOptions(true, null);

    /** Checks the number. */
    public EncodeOptions {
        if (maxLength != null && maxLength < 1) {
            throw new IllegalArgumentException("maxLength is " + maxLength + ", but it must be at least 1");
        }
    }

    /** Returns these options with another greatest number of tokens. */
    public EncodeOptions withMaxLength(@Nullable Integer newMaxLength) {
        return new EncodeOptions(addSpecialTokens, newMaxLength);
    }

    /** Returns these options with special tokens or without. */
    public EncodeOptions withSpecialTokens(boolean newAddSpecialTokens) {
        return new EncodeOptions(newAddSpecialTokens, maxLength);
    }
}
