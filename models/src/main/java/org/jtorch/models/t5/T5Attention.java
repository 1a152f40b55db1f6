package org.jtorch.models.t5;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.models.decoder.KeyValueCache;
import org.jtorch.models.layers.AttentionHeads;
import org.jtorch.models.layers.RelativePositions;
import org.jtorch.nn.Module;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.sparse.Embedding;

/**
 * Attention whose scores are not scaled, and have a bias by the distance of two tokens: (N, T, d_model) to (N, T, d_model).
 */
final class T5Attention extends Module<T5Attention.Input, Tensor> {

    /**
     * What an attention is given.
     *
     * @param states the states that look, (N, T, d_model)
     * @param seen the states at which they look; null for themselves
     * @param added what is added to the scores, or a mask of them, (N or 1, heads or 1, T, keys); null for nothing
     * @param cache what is kept, or null
     */
    record Input(
            Tensor states,
            @Nullable Tensor seen,
            @Nullable Tensor added,
            @Nullable T5Cache cache) {}

    Linear q;
    Linear k;
    Linear v;
    Linear o;

    /** The bias of each bucket of distances for each head; only in the first layer, which computes it for all. */
    @Nullable
    Embedding relativeAttentionBias;

    private final int index;
    private final long heads;
    private final double dropout;
    private final RelativePositions positions;

    T5Attention(T5Config config, boolean decoder, boolean hasBias, int index) {
        long inner = config.numHeads * config.dKv;
        q = new Linear(config.dModel, inner, o -> o.bias(false));
        k = new Linear(config.dModel, inner, o -> o.bias(false));
        v = new Linear(config.dModel, inner, o -> o.bias(false));
        o = new Linear(inner, config.dModel, o -> o.bias(false));
        if (hasBias) {
            relativeAttentionBias = new Embedding(config.relativeAttentionNumBuckets, config.numHeads);
        }
        this.index = index;
        heads = config.numHeads;
        dropout = config.dropoutRate;
        positions = new RelativePositions(
                !decoder, config.relativeAttentionNumBuckets, config.relativeAttentionMaxDistance);
    }

    @Override
    protected Tensor forward(Input input) {
        KeyValueCache.Entry all = entry(input);
        Tensor mixed = F.scaledDotProductAttention(
                AttentionHeads.split(q.call(input.states), heads),
                all.keys(),
                all.values(),
                input.added,
                isTraining() ? dropout : 0,
                false,
                1.0);
        return o.call(AttentionHeads.join(mixed));
    }

    private KeyValueCache.Entry entry(Input input) {
        if (input.seen != null) {
            Tensor seen = input.seen;
            return input.cache == null ? entry(seen) : input.cache.read(index, () -> entry(seen));
        }
        KeyValueCache.Entry added = entry(input.states);
        return input.cache == null ? added : input.cache.written().add(index, added.keys(), added.values());
    }

    private KeyValueCache.Entry entry(Tensor seen) {
        return new KeyValueCache.Entry(
                AttentionHeads.split(k.call(seen), heads), AttentionHeads.split(v.call(seen), heads));
    }

    /** Returns the bias of the scores, (1, heads, queries, keys), of an attention that has it. */
    Tensor bias(long past, long queries, Tensor like) {
        return Objects.requireNonNull(relativeAttentionBias)
                .call(positions.buckets(past, queries, past + queries, like))
                .permute(2, 0, 1)
                .unsqueeze(0);
    }
}
