package org.jtorch.models.decoder;

import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Attention of decoders. For one new token of each text, which is what generation computes over and over, it takes the form that is
 * fastest on the CPU: heads of queries that share a head of keys are rows of one product, and numbers of half the width are computed
 * in float32, since the engine has no fast kernel for them.
 */
public final class CachedAttention {

    private CachedAttention() {}

    /**
     * Mixes values by how well the keys answer the queries.
     *
     * @param queries (N, heads, S, head_dim)
     * @param all the keys and values, (N, heads or a divisor of it, keys, head_dim)
     * @param mask the keys that may be seen
     * @param dropout the probability with which a weight is dropped
     * @param scale the factor of the scores; null for {@code 1 / sqrt(head_dim)}
     * @return (N, heads, S, head_dim)
     */
    public static Tensor mix(
            Tensor queries, KeyValueCache.Entry all, CausalMask mask, double dropout, @Nullable Double scale) {
        Tensor k = all.keys();
        Tensor v = all.values();
        boolean grouped = queries.size(1) != k.size(1);
        if (queries.size(2) != 1 || !queries.device().type().equals("cpu") || dropout > 0) {
            return F.scaledDotProductAttention(queries, k, v, mask.allowed(), dropout, mask.causal(), scale, grouped);
        }
        long group = queries.size(1) / k.size(1);
        Tensor rows = grouped ? queries.unflatten(1, -1, group).flatten(2, 3) : queries;
        boolean narrow = rows.dtype() == DType.BFLOAT16 || rows.dtype() == DType.FLOAT16;
        Tensor mixed = narrow
                ? F.scaledDotProductAttention(
                                rows.to(DType.FLOAT32),
                                k.to(DType.FLOAT32),
                                v.to(DType.FLOAT32),
                                mask.allowed(),
                                0,
                                false,
                                scale,
                                false)
                        .to(rows.dtype())
                : F.scaledDotProductAttention(rows, k, v, mask.allowed(), 0, false, scale, false);
        return grouped ? mixed.unflatten(2, group, 1).flatten(1, 2) : mixed;
    }
}
