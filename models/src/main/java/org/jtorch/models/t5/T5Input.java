package org.jtorch.models.t5;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/**
 * What an encoder and decoder is given.
 *
 * @param inputIds the tokens of the text to read, (N, S), int64; null if {@code encoded} is given
 * @param attentionMask 1 for tokens and 0 for padding of that text, (N, S); null if there is no padding
 * @param decoderInputIds the tokens of the text to write after those in the cache, (N, T), int64
 * @param decoderAttentionMask 1 for tokens and 0 for padding of that text, (N, tokens in the cache + T); null if there is no padding
 * @param encoded the states of the text to read, (N, S, d_model), so that they are computed once; null if {@code inputIds} is given
 * @param cache the tokens written before, to which these are added; null for none
 */
public record T5Input(
        @Nullable Tensor inputIds,
        @Nullable Tensor attentionMask,
        Tensor decoderInputIds,
        @Nullable Tensor decoderAttentionMask,
        @Nullable Tensor encoded,
        @Nullable T5Cache cache) {

    /**
     * Checks that there is a text to read.
     *
     * @throws IllegalArgumentException if there is neither {@code inputIds} nor {@code encoded}, or if there are both
     */
    public T5Input {
        if ((inputIds == null) == (encoded == null)) {
            throw new IllegalArgumentException(
                    "give either inputIds or encoded, and not " + (encoded == null ? "neither" : "both"));
        }
    }

    /** Creates the input for whole texts. */
    public T5Input(Tensor inputIds, @Nullable Tensor attentionMask, Tensor decoderInputIds) {
        this(inputIds, attentionMask, decoderInputIds, null, null, null);
    }

    /** Creates the input for writing one token after another. */
    public static T5Input step(Tensor encoded, @Nullable Tensor attentionMask, Tensor decoderInputIds, T5Cache cache) {
        return new T5Input(null, attentionMask, decoderInputIds, null, encoded, cache);
    }
}
