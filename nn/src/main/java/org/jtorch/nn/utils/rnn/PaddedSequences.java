package org.jtorch.nn.utils.rnn;

import org.jtorch.Tensor;

/**
 * Sequences filled up to one length: what {@link RnnUtils#padPackedSequence} gives.
 *
 * @param sequences (T, B, *), or (B, T, *) with the batch first
 * @param lengths how long each was: (B), int64, on the CPU
 */
public record PaddedSequences(Tensor sequences, Tensor lengths) {}
