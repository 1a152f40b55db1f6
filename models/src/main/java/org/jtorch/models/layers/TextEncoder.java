package org.jtorch.models.layers;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.models.pretrained.ModelConfig;
import org.jtorch.models.pretrained.PretrainedModel;

/**
 * A model without a head that encodes texts: tokens (N, S) to states (N, S, hidden_size).
 *
 * @param <C> the type of the configuration
 */
public abstract class TextEncoder<C extends ModelConfig> extends PretrainedModel<C, EncoderInput, EncoderOutput> {

    /** Creates a model with a configuration. */
    protected TextEncoder(C config) {
        super(config);
    }

    /** Computes the states of texts without padding, (N, S), int64. */
    public final EncoderOutput call(Tensor inputIds) {
        return call(new EncoderInput(inputIds));
    }

    /** Computes the states of texts with padding: both (N, S), the mask with 1 for tokens and 0 for padding. */
    public final EncoderOutput call(Tensor inputIds, @Nullable Tensor attentionMask) {
        return call(new EncoderInput(inputIds, attentionMask));
    }
}
