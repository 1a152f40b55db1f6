package org.jtorch.models.roberta;

import org.jspecify.annotations.Nullable;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.pretrained.PretrainedModel;

/** RoBERTa without a pooler, on which a head stands. */
abstract class RobertaHead<O extends @Nullable Object> extends PretrainedModel<RobertaConfig, EncoderInput, O> {

    RobertaModel roberta;

    RobertaHead(RobertaConfig config) {
        super(config);
        roberta = new RobertaModel(config, false);
    }

    @Override
    protected final String baseModelPrefix() {
        return "roberta";
    }

    @Override
    protected final String architecture() {
        return config().architecture(getClass());
    }
}
