package org.jtorch.models.decoder;

import org.jtorch.Tensor;
import org.jtorch.nn.linear.Linear;

/**
 * A decoder with rotary positions that scores the next token.
 *
 * @param <C> the type of the configuration
 */
public abstract class DecoderForCausalLM<C extends DecoderConfig> extends CausalModel<C> {

    DecoderStack model;
    Linear lmHead;

    /** Creates a model with new weights. */
    protected DecoderForCausalLM(C config) {
        super(config);
        model = new DecoderStack(config);
        lmHead = new Linear(config.hiddenSize, config.vocabSize, o -> o.bias(false));
        if (config.tieWordEmbeddings) {
            lmHead.weight = model.embedTokens.weight;
        }
    }

    @Override
    protected final Tensor forward(DecoderInput input) {
        return lmHead.call(kept(model.call(input), input));
    }

    @Override
    public final KeyValueCache newCache(long capacity) {
        return new KeyValueCache(config().windows(), capacity);
    }

    @Override
    protected final String baseModelPrefix() {
        return "model";
    }
}
