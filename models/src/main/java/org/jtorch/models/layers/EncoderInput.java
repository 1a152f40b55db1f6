package org.jtorch.models.layers;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/**
 * What a text encoder is given.
 *
 * @param inputIds the tokens, (N, S), int64
 * @param attentionMask 1 for tokens and 0 for padding, (N, S); null if there is no padding
 * @param tokenTypeIds the number of the text of each token if there are several, (N, S), int64; null for 0
 * @param positionIds the positions, (N, S) or (1, S), int64; null for the usual ones
 */
public record EncoderInput(
        Tensor inputIds,
        @Nullable Tensor attentionMask,
        @Nullable Tensor tokenTypeIds,
        @Nullable Tensor positionIds) {

    /** Creates the input for texts without padding. */
    public EncoderInput(Tensor inputIds) {
        this(inputIds, null, null, null);
    }

    /** Creates the input for texts with padding. */
    public EncoderInput(Tensor inputIds, @Nullable Tensor attentionMask) {
        this(inputIds, attentionMask, null, null);
    }
}
