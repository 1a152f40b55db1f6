package org.jtorch.models.layers;

import java.util.Arrays;
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

    /**
     * Refuses types of tokens, for a model that does not have them.
     *
     * @param model the name of the model, for the message
     * @throws IllegalArgumentException if there are types
     */
    public void refuseTokenTypes(String model) {
        if (tokenTypeIds != null) {
            throw new IllegalArgumentException(
                    model + " has no embeddings of types of tokens, but was given tokenTypeIds of shape "
                            + Arrays.toString(tokenTypeIds.shape()) + ": leave them out");
        }
    }

    /**
     * Refuses positions, for a model that knows only the distances of tokens.
     *
     * @param model the name of the model, for the message
     * @throws IllegalArgumentException if there are positions
     */
    public void refusePositions(String model) {
        if (positionIds != null) {
            throw new IllegalArgumentException(
                    model + " knows only the distances of tokens, but was given positionIds of shape "
                            + Arrays.toString(positionIds.shape()) + ": leave them out");
        }
    }
}
