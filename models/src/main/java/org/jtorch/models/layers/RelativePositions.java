package org.jtorch.models.layers;

import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;

/**
 * The distances between tokens in buckets: one for each small distance, and wider ones for greater distances.
 *
 * @param bidirectional whether half of the buckets are for keys after the query; otherwise all of those are in bucket 0
 * @param buckets the number of buckets
 * @param maxDistance the distance from which on all are in the last bucket
 * @see <a href="https://arxiv.org/abs/1910.10683">Exploring the Limits of Transfer Learning with a Unified Text-to-Text
 *     Transformer</a>
 */
public record RelativePositions(boolean bidirectional, long buckets, long maxDistance) {

    /**
     * Returns the bucket of each pair of tokens.
     *
     * @param past the position of the first query
     * @param queries the number of queries
     * @param keys the number of keys, of which the first has position 0
     * @param like a tensor on the device of the result
     * @return (queries, keys), int64
     */
    public Tensor buckets(long past, long queries, long keys, Tensor like) {
        TensorOptions options = TensorOptions.of(DType.INT64).device(like.device());
        Tensor key = Torch.arange(0, keys, 1, options).unsqueeze(0);
        Tensor query = Torch.arange(past, past + queries, 1, options).unsqueeze(1);
        return bucket(key.sub(query));
    }

    /** Returns the buckets of the position of each key less that of the query, int64. */
    Tensor bucket(Tensor relative) {
        long half = bidirectional ? buckets / 2 : buckets;
        Tensor distance = bidirectional ? relative.abs() : relative.neg().clampMin(0);
        long exact = half / 2;
        Tensor large = distance.to(DType.FLOAT32)
                .div(exact)
                .log()
                .div(Math.log((double) maxDistance / exact))
                .mul(half - exact)
                .to(DType.INT64)
                .add(exact)
                .clampMax(half - 1);
        Tensor bucket = Torch.where(distance.lt(exact), distance, large);
        return bidirectional ? bucket.add(relative.gt(0).to(DType.INT64).mul(half)) : bucket;
    }
}
