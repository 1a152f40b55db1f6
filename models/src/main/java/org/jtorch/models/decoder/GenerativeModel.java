package org.jtorch.models.decoder;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.models.pretrained.ModelConfig;
import org.jtorch.models.pretrained.PretrainedModel;

/**
 * A model that writes texts one token after another, as {@code Generation} lets it: a decoder, whose texts begin with the prompts, or an
 * encoder and a decoder, of which the encoder reads the prompts.
 *
 * @param <C> the type of the configuration
 * @param <I> the type of the input
 * @param <O> the type of the output
 */
public abstract class GenerativeModel<C extends ModelConfig, I extends @Nullable Object, O extends @Nullable Object>
        extends PretrainedModel<C, I, O> {

    /** Creates a model with a configuration. */
    protected GenerativeModel(C config) {
        super(config);
    }

    /** Returns the token with which each text begins if an encoder reads the prompts; empty if texts begin with the prompts. */
    public abstract OptionalLong decoderStartTokenId();

    /** Returns whether an encoder reads the prompts, so that they are no part of the texts that the decoder writes. */
    public final boolean isEncoderDecoder() {
        return decoderStartTokenId().isPresent();
    }

    /**
     * Returns a new state, in which no text has a token. If the model has an encoder, it reads the prompts now. Otherwise they are the
     * first tokens to {@linkplain GenerationState#add add}.
     *
     * @param inputIds the prompts, (N, S), int64
     * @param attentionMask 1 for tokens and 0 for padding, (N, S), int64; null if there is no padding
     * @param numBeams the number of texts of each prompt; those of one prompt are next to each other
     * @param capacity the greatest number of tokens of a text, for which memory is taken once; {@link KeyValueCache#UNLIMITED} for
     *     memory that grows
     * @return the state of N * numBeams texts, which holds memory until it is closed
     */
    public abstract GenerationState newState(
            Tensor inputIds, @Nullable Tensor attentionMask, long numBeams, long capacity);
}
