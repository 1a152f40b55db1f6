package org.jtorch.models.t5;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.models.decoder.KeyValueCache;

/**
 * What a decoder keeps of the tokens that it has written, and of the text that it reads, whose keys and values are computed once. It is
 * for inference, for one batch of texts, and for one thread at a time.
 */
public final class T5Cache implements AutoCloseable {

    private final KeyValueCache written;
    private final KeyValueCache.@Nullable Entry[] read;

    /**
     * Creates an empty cache.
     *
     * @param layers the number of layers of the decoder
     * @param capacity the greatest number of tokens to write, or {@link KeyValueCache#UNLIMITED} for memory that grows
     */
    public T5Cache(long layers, long capacity) {
        written = new KeyValueCache(layers, capacity);
        read = new KeyValueCache.@Nullable Entry[Math.toIntExact(layers)];
    }

    /** Returns what is kept of the tokens that were written. */
    public KeyValueCache written() {
        return written;
    }

    /** Returns the keys and values of the text to read in a layer, which are computed if this is the first time. */
    KeyValueCache.Entry read(int layer, Supplier<KeyValueCache.Entry> compute) {
        KeyValueCache.Entry entry = read[layer];
        if (entry == null) {
            KeyValueCache.Entry computed = compute.get();
            entry = new KeyValueCache.Entry(kept(computed.keys()), kept(computed.values()));
            read[layer] = entry;
        }
        return entry;
    }

    private static Tensor kept(Tensor tensor) {
        return tensor.detach().contiguous().unscoped();
    }

    /** Replaces each text by another one of the batch, as a beam search does. */
    public void reorder(Tensor indices) {
        written.reorder(indices);
        for (int i = 0; i < read.length; i++) {
            KeyValueCache.Entry before = read[i];
            if (before != null) {
                read[i] = new KeyValueCache.Entry(
                        before.keys().indexSelect(0, indices).unscoped(),
                        before.values().indexSelect(0, indices).unscoped());
                close(before);
            }
        }
    }

    /** Frees the memory. */
    @Override
    public void close() {
        written.close();
        for (int i = 0; i < read.length; i++) {
            KeyValueCache.Entry entry = read[i];
            if (entry != null) {
                close(entry);
                read[i] = null;
            }
        }
    }

    private static void close(KeyValueCache.Entry entry) {
        entry.keys().close();
        entry.values().close();
    }
}
