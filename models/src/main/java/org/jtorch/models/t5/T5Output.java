package org.jtorch.models.t5;

import org.jtorch.Tensor;

/**
 * What an encoder and decoder returns.
 *
 * @param logits the scores of the token after each token of the text to write, (N, T, vocab_size)
 * @param encoderLastHiddenState the states of the text to read, (N, S, d_model)
 */
public record T5Output(Tensor logits, Tensor encoderLastHiddenState) {}
