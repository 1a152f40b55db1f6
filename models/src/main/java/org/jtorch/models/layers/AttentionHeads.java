package org.jtorch.models.layers;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/** What attention with several heads computes between its maps. Each head has an equal part of every state. */
public final class AttentionHeads {

    private AttentionHeads() {}

    /** Splits states among heads: (N, S, size) to (N, heads, S, size / heads). */
    public static Tensor split(Tensor states, long heads) {
        return states.unflatten(-1, heads, -1).transpose(1, 2);
    }

    /** Joins what the heads computed: (N, heads, S, size / heads) to (N, S, size). */
    public static Tensor join(Tensor states) {
        return states.transpose(1, 2).flatten(2);
    }

    /**
     * Returns the attention of several heads: the mean of the values, weighted by the softmax of the scaled products of queries
     * and keys.
     *
     * @param query (N, S, size)
     * @param key (N, keys, size)
     * @param value (N, keys, size)
     * @param mask true where a query may look at a key, or what is added to the scores, of a shape that is broadcast with (N,
     *     heads, S, keys); null for neither
     * @param dropout the probability of dropout of the weights; 0 except in training
     * @return (N, S, size)
     */
    public static Tensor attend(
            Tensor query, Tensor key, Tensor value, long heads, @Nullable Tensor mask, double dropout) {
        return join(F.scaledDotProductAttention(
                split(query, heads), split(key, heads), split(value, heads), mask, dropout));
    }
}
