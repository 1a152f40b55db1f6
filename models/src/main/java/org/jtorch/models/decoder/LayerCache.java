package org.jtorch.models.decoder;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;

/**
 * The keys and values of one layer. They are next to each other in a room for some tokens. If the room is too small or the tokens have
 * reached its end, those that are still needed move to the beginning of a new one.
 */
final class LayerCache implements AutoCloseable {

    /** The least number of tokens for which a room that grows has memory. */
    private static final long LEAST = 64;

    private final long window;
    private final long capacity;
    private @Nullable Tensor keys;
    private @Nullable Tensor values;

    /** The index of the first token in the room that is kept. */
    private long first;

    private long kept;
    private long seen;

    /**
     * Creates an empty cache.
     *
     * @param window the number of tokens at which a token looks, with itself; 0 for all
     * @param capacity the greatest number of tokens
     */
    LayerCache(long window, long capacity) {
        this.window = window;
        this.capacity = capacity;
    }

    long seen() {
        return seen;
    }

    long kept() {
        return kept;
    }

    long bytes() {
        return bytes(keys) + bytes(values);
    }

    private static long bytes(@Nullable Tensor room) {
        return room == null ? 0 : room.numel() * room.dtype().itemSize();
    }

    /** Adds tokens, (N, heads, S, head_dim), and returns them after those that were kept. */
    KeyValueCache.Entry add(Tensor newKeys, Tensor newValues) {
        long added = newKeys.size(2);
        long all = kept + added;
        KeyValueCache.Entry entry;
        if (window > 0 && all > roomOfWindow()) { // a long prompt, of which only the end is kept
            entry = new KeyValueCache.Entry(after(keys, newKeys), after(values, newValues));
            long needed = Math.min(window - 1, all);
            renew(newKeys, newValues, 0, roomOfWindow());
            write(
                    0,
                    entry.keys().narrow(2, all - needed, needed),
                    entry.values().narrow(2, all - needed, needed));
            first = 0;
            kept = needed;
        } else {
            if (keys == null || first + all > keys.size(2)) {
                renew(newKeys, newValues, kept, roomFor(all));
            }
            write(first + kept, newKeys, newValues);
            entry = new KeyValueCache.Entry(view(keys, first, all), view(values, first, all));
            kept = window == 0 ? all : Math.min(window - 1, all);
            first += all - kept;
        }
        seen += added;
        return entry;
    }

    private long roomOfWindow() {
        return Math.min(capacity, window + window / 4);
    }

    private long roomFor(long tokens) {
        if (window > 0) {
            return roomOfWindow();
        }
        if (capacity != KeyValueCache.UNLIMITED) {
            return capacity;
        }
        return Math.max(Math.max(LEAST, tokens), keys == null ? 0 : 2 * keys.size(2));
    }

    /** Takes memory for a number of tokens, and moves the last ones that are kept to its beginning. */
    private void renew(Tensor likeKeys, Tensor likeValues, long moved, long tokens) {
        Tensor newKeys = room(likeKeys, tokens);
        Tensor newValues = room(likeValues, tokens);
        if (moved > 0) {
            newKeys.narrow(2, 0, moved).copy_(view(keys, first, moved));
            newValues.narrow(2, 0, moved).copy_(view(values, first, moved));
        }
        free();
        keys = newKeys;
        values = newValues;
        first = 0;
    }

    private static Tensor room(Tensor like, long tokens) {
        long[] shape = like.shape();
        shape[2] = tokens;
        return Torch.empty(shape, TensorOptions.of(like.dtype()).device(like.device()))
                .unscoped();
    }

    private void write(long at, Tensor newKeys, Tensor newValues) {
        view(keys, at, newKeys.size(2)).copy_(newKeys);
        view(values, at, newValues.size(2)).copy_(newValues);
    }

    private Tensor after(@Nullable Tensor room, Tensor added) {
        return kept == 0 ? added : Torch.cat(List.of(view(room, first, kept), added), 2);
    }

    private static Tensor view(@Nullable Tensor room, long from, long tokens) {
        if (room == null) {
            throw new IllegalStateException("the cache is empty");
        }
        return room.narrow(2, from, tokens);
    }

    void reorder(Tensor indices) {
        if (keys != null && values != null) {
            Tensor newKeys = keys.indexSelect(0, indices).unscoped();
            Tensor newValues = values.indexSelect(0, indices).unscoped();
            free();
            keys = newKeys;
            values = newValues;
        }
    }

    private void free() {
        if (keys != null) {
            keys.close();
            keys = null;
        }
        if (values != null) {
            values.close();
            values = null;
        }
    }

    @Override
    public void close() {
        free();
        first = 0;
        kept = 0;
        seen = 0;
    }
}
