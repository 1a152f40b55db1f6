package org.jtorch.models.decoder;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.models.pretrained.ModelConfig;

/**
 * A model that scores the next token: tokens (N, S) to scores (N, S, vocab_size).
 *
 * @param <C> the type of the configuration
 */
public abstract class CausalModel<C extends ModelConfig> extends GenerativeModel<C, DecoderInput, Tensor> {

    /** Creates a model with a configuration. */
    protected CausalModel(C config) {
        super(config);
    }

    /** Scores the tokens of texts without padding, (N, S), int64. */
    public final Tensor call(Tensor inputIds) {
        return call(new DecoderInput(inputIds));
    }

    /** Scores the tokens of texts with padding: both (N, S), the mask with 1 for tokens and 0 for padding. */
    public final Tensor call(Tensor inputIds, @Nullable Tensor attentionMask) {
        return call(new DecoderInput(inputIds, attentionMask));
    }

    /** Returns an empty cache whose memory grows with the number of tokens. */
    public final KeyValueCache newCache() {
        return newCache(KeyValueCache.UNLIMITED);
    }

    /**
     * Returns an empty cache for a number of tokens, whose memory is taken once. Layers that look only at the last tokens keep only
     * these.
     *
     * @param capacity the greatest number of tokens, or {@link KeyValueCache#UNLIMITED}
     */
    public abstract KeyValueCache newCache(long capacity);

    /** Returns nothing, since the texts of a decoder begin with the prompts. */
    @Override
    public final OptionalLong decoderStartTokenId() {
        return OptionalLong.empty();
    }

    @Override
    public final GenerationState newState(
            Tensor inputIds, @Nullable Tensor attentionMask, long numBeams, long capacity) {
        Tensor mask = attentionMask == null ? null : attentionMask.repeatInterleave(numBeams, 0L);
        return new DecoderState(this, mask, newCache(capacity));
    }

    /** Returns the states of the tokens whose scores are asked for. */
    protected static Tensor kept(Tensor states, DecoderInput input) {
        long keep = input.logitsToKeep();
        return keep == 0 || keep >= states.size(1) ? states : states.narrow(1, states.size(1) - keep, keep);
    }
}
