package org.jtorch.nn.utils.rnn;

import org.jtorch.Tensor;

/**
 * Sequences padded to one length: the result of {@link RnnUtils#padPackedSequence}.
 *
 * @param sequences (T, B, *), or (B, T, *) if the batch is first
 * @param lengths the original length of each sequence, (B), int64, on the CPU
 */
public record PaddedSequences(Tensor sequences, Tensor lengths) {}
