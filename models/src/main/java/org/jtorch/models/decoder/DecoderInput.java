package org.jtorch.models.decoder;

import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;

/**
 * What a decoder is given.
 *
 * @param inputIds the tokens after those in the cache, (N, S), int64
 * @param attentionMask 1 for tokens and 0 for padding, (N, tokens in the cache + S); null if there is no padding
 * @param positionIds the positions of the tokens, (N, S) or (1, S), int64; null for the usual ones
 * @param cache the tokens before these, to which these are added; null for none
 * @param logitsToKeep the number of last tokens whose scores are computed; 0 for all
 */
public record DecoderInput(
        Tensor inputIds,
        @Nullable Tensor attentionMask,
        @Nullable Tensor positionIds,
        @Nullable KeyValueCache cache,
        long logitsToKeep) {

    /** Creates the input for whole texts without padding. */
    public DecoderInput(Tensor inputIds) {
        this(inputIds, null, null, null, 0);
    }

    /** Creates the input for whole texts with padding. */
    public DecoderInput(Tensor inputIds, @Nullable Tensor attentionMask) {
        this(inputIds, attentionMask, null, null, 0);
    }

    /** Returns the positions of the tokens: those that were given, or the usual ones, (1, S), int64. */
    public Tensor positions() {
        if (positionIds != null) {
            return positionIds;
        }
        long past = cache == null ? 0 : cache.length();
        TensorOptions options = TensorOptions.of(DType.INT64).device(inputIds.device());
        return Torch.arange(past, past + inputIds.size(1), 1, options).unsqueeze(0);
    }
}
