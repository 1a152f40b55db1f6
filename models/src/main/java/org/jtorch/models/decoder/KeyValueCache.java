package org.jtorch.models.decoder;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;

/**
 * The keys and values of the tokens that a decoder has seen, for each layer. Its memory is taken once for {@link #capacity()} tokens,
 * so that adding a token copies only that token.
 *
 * <p>It is for inference: gradients do not reach what is in the cache. It may be used by one thread at a time.
 */
public final class KeyValueCache implements AutoCloseable {

    /** The keys and values of one layer, (N, heads, tokens, head_dim). */
    public record Entry(Tensor keys, Tensor values) {}

    private final long capacity;
    private final @Nullable Tensor[] keys;
    private final @Nullable Tensor[] values;
    private final long[] lengths;

    /**
     * Creates an empty cache.
     *
     * @param layers the number of layers
     * @param capacity the greatest number of tokens
     */
    public KeyValueCache(long layers, long capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("the capacity of a cache must be at least 1, not " + capacity);
        }
        this.capacity = capacity;
        this.keys = new @Nullable Tensor[Math.toIntExact(layers)];
        this.values = new @Nullable Tensor[keys.length];
        this.lengths = new long[keys.length];
    }

    /** Returns the greatest number of tokens. */
    public long capacity() {
        return capacity;
    }

    /** Returns the number of tokens that all layers have seen. */
    public long length() {
        return lengths[lengths.length - 1];
    }

    /**
     * Adds tokens to a layer.
     *
     * @param layer the index of the layer
     * @param newKeys (N, heads, S, head_dim)
     * @param newValues (N, heads, S, head_dim)
     * @return all keys and values of the layer, with those that were added
     * @throws IllegalStateException if there is no room
     */
    public Entry add(int layer, Tensor newKeys, Tensor newValues) {
        long before = lengths[layer];
        long added = newKeys.size(2);
        if (before + added > capacity) {
            throw new IllegalStateException("the cache has room for " + capacity + " tokens, and " + before
                    + " are there, so that " + added + " more do not fit: create it with a greater capacity");
        }
        Tensor allKeys = room(keys, layer, newKeys);
        Tensor allValues = room(values, layer, newValues);
        allKeys.narrow(2, before, added).copy_(newKeys.detach());
        allValues.narrow(2, before, added).copy_(newValues.detach());
        lengths[layer] = before + added;
        return new Entry(allKeys.narrow(2, 0, before + added), allValues.narrow(2, 0, before + added));
    }

    private Tensor room(@Nullable Tensor[] all, int layer, Tensor like) {
        Tensor room = all[layer];
        if (room == null) {
            long[] shape = like.shape();
            shape[2] = capacity;
            room = Torch.empty(shape, TensorOptions.of(like.dtype()).device(like.device()))
                    .unscoped();
            all[layer] = room;
        }
        return room;
    }

    /** Replaces each text by another one of the batch, as a beam search does. */
    public void reorder(Tensor indices) {
        for (int i = 0; i < keys.length; i++) {
            reorder(keys, i, indices);
            reorder(values, i, indices);
        }
    }

    private static void reorder(@Nullable Tensor[] all, int layer, Tensor indices) {
        Tensor before = all[layer];
        if (before != null) {
            all[layer] = before.indexSelect(0, indices).unscoped();
            before.close();
        }
    }

    /** Frees the memory. */
    @Override
    public void close() {
        for (int i = 0; i < keys.length; i++) {
            close(keys, i);
            close(values, i);
            lengths[i] = 0;
        }
    }

    private static void close(@Nullable Tensor[] all, int layer) {
        Tensor tensor = all[layer];
        if (tensor != null) {
            tensor.close();
            all[layer] = null;
        }
    }
}
