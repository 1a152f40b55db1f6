package org.jtorch.models.generation;

import org.jtorch.Tensor;

/** Changes the scores of the next token before one is chosen. */
@FunctionalInterface
public interface LogitsFilter {

    /**
     * Returns other scores; an impossible token has negative infinity.
     *
     * @param ids the tokens so far, with the prompt, (N, tokens), int64
     * @param scores (N, vocab_size), float32; it must not be changed
     */
    Tensor apply(Tensor ids, Tensor scores);
}
