package org.jtorch.nn.functional;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/**
 * The result of {@link F#multiHeadAttentionForward}.
 *
 * @param attnOutput a tensor with the shape of the query
 * @param attnOutputWeights how much each position attended to each other position, (N, L, S) or, for each head, (N, heads, L,
 *     S), without N for a single sequence; null if they were not requested
 */
public record AttentionOutput(Tensor attnOutput, @Nullable Tensor attnOutputWeights) {}
