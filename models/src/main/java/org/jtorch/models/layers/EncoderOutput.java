package org.jtorch.models.layers;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/**
 * What an encoder returns.
 *
 * @param lastHiddenState the state of each token, (N, S, hidden_size)
 * @param poolerOutput a state of each text, (N, hidden_size); null if the model has no pooler
 */
public record EncoderOutput(
        Tensor lastHiddenState, @Nullable Tensor poolerOutput) {}
