package org.jtorch.models.generation;

import org.jtorch.Tensor;

/** Changes the scores of the next token before one is chosen. */
@FunctionalInterface
public interface LogitsFilter {

    /**
     * Returns other scores; an impossible token has negative infinity.
     *
     * @param ids the tokens so far, with those that the texts begin with: the prompt, or of an encoder and decoder the token with which
     *     the decoder starts, (N, tokens), int64
     * @param scores (N, vocab_size), float32; it must not be changed
     */
    Tensor apply(Tensor ids, Tensor scores);
}
