package org.jtorch.models.layers;

import org.jtorch.Tensor;

/**
 * The scores of a model that finds an answer in a text.
 *
 * @param startLogits the score of each token as the first one of the answer, (N, S)
 * @param endLogits the score of each token as the last one of the answer, (N, S)
 */
public record SpanOutput(Tensor startLogits, Tensor endLogits) {

    /** Splits the scores of a linear map with two outputs, (N, S, 2). */
    public static SpanOutput of(Tensor logits) {
        return new SpanOutput(logits.select(-1, 0), logits.select(-1, 1));
    }
}
