package org.jtorch.models.decoder;

import org.jtorch.Tensor;

/**
 * The keys and values of the tokens that a decoder has seen, for each layer.
 *
 * <p><b>Memory.</b> With a {@linkplain #capacity capacity}, the memory of a layer is taken once. Without one it grows: whenever it is
 * full, twice as much is taken. A layer that looks only at the last tokens, those of its window, keeps only these: its memory is that
 * of at most {@code window + window / 4} tokens, however many it has seen. Adding a token copies only that token, except when the
 * memory grows or the window is moved to its beginning, which on average costs a few tokens a step. {@link #bytes()} is what has been
 * taken.
 *
 * <p>It is for inference: gradients do not reach what is in the cache. It may be used by one thread at a time.
 */
public final class KeyValueCache implements AutoCloseable {

    /** The capacity of a cache whose memory grows. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    /** The keys and values of one layer, (N, heads, tokens, head_dim). */
    public record Entry(Tensor keys, Tensor values) {}

    private final long capacity;
    private final LayerCache[] layers;

    /**
     * Creates an empty cache whose layers look at all tokens.
     *
     * @param layers the number of layers
     * @param capacity the greatest number of tokens, or {@link #UNLIMITED}
     */
    public KeyValueCache(long layers, long capacity) {
        this(new long[Math.toIntExact(layers)], capacity);
    }

    /**
     * Creates an empty cache.
     *
     * @param windows the number of tokens at which each layer looks, with the one that looks; 0 for all
     * @param capacity the greatest number of tokens, or {@link #UNLIMITED}
     */
    public KeyValueCache(long[] windows, long capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("the capacity of a cache must be at least 1, not " + capacity);
        }
        if (windows.length == 0) {
            throw new IllegalArgumentException("a cache must be for at least 1 layer, not 0");
        }
        this.capacity = capacity;
        layers = new LayerCache[windows.length];
        for (int i = 0; i < windows.length; i++) {
            if (windows[i] < 0) {
                throw new IllegalArgumentException("the window of layer " + i + " is " + windows[i]
                        + ", but must be a number of tokens, or 0 for all");
            }
            layers[i] = new LayerCache(windows[i], capacity);
        }
    }

    /** Returns the greatest number of tokens; {@link #UNLIMITED} if the memory grows. */
    public long capacity() {
        return capacity;
    }

    /** Returns the number of tokens that all layers have seen. */
    public long length() {
        return layers[layers.length - 1].seen();
    }

    /**
     * Returns the number of tokens that a layer keeps. Only if it looks at the tokens of a window, that may be less than {@link
     * #length}.
     */
    public long kept(int layer) {
        return layers[layer].kept();
    }

    /** Returns the number of bytes that have been taken for keys and values. */
    public long bytes() {
        long bytes = 0;
        for (LayerCache layer : layers) {
            bytes += layer.bytes();
        }
        return bytes;
    }

    /**
     * Adds tokens to a layer.
     *
     * @param layer the index of the layer
     * @param newKeys (N, heads, S, head_dim)
     * @param newValues (N, heads, S, head_dim)
     * @return the keys and values of the layer at which the new tokens may look: those that it {@linkplain #kept kept} before, and
     *     then those that were added. They are valid until more tokens are added
     * @throws IllegalStateException if there is no room
     */
    public Entry add(int layer, Tensor newKeys, Tensor newValues) {
        long before = layers[layer].seen();
        long added = newKeys.size(2);
        if (added > capacity - before) {
            throw new IllegalStateException("the cache has room for " + capacity + " tokens, and " + before
                    + " are there, so that " + added + " more do not fit: create it with a greater capacity");
        }
        return layers[layer].add(newKeys.detach(), newValues.detach());
    }

    /**
     * Replaces each text by another one of the batch, as a beam search does.
     *
     * @param indices the text that each one becomes, (N), int64
     */
    public void reorder(Tensor indices) {
        for (LayerCache layer : layers) {
            layer.reorder(indices);
        }
    }

    /** Frees the memory. The cache is empty then, and may be used again. */
    @Override
    public void close() {
        for (LayerCache layer : layers) {
            layer.close();
        }
    }
}
