package org.jtorch.serialize.internal.pickle;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The memo of a pickle: values by number. Picklers count from 0; other numbers are kept in a map, so that a large number
 * takes no memory.
 */
public final class Memo {

    private static final Object NOTHING = new Object();

    private @Nullable Object[] dense = new Object[64];
    private int size;
    private final Map<Long, @Nullable Object> sparse = new HashMap<>();

    int size() {
        return size + sparse.size();
    }

    void put(long index, @Nullable Object value) {
        if (index < size) {
            dense[(int) index] = value;
        } else if (index == size) {
            if (size == dense.length) {
                dense = Arrays.copyOf(dense, size * 2);
            }
            dense[size++] = value;
        } else {
            sparse.put(index, value);
        }
    }

    boolean has(long index) {
        return index < size || sparse.getOrDefault(index, NOTHING) != NOTHING;
    }

    @Nullable
    Object get(long index) {
        return index < size ? dense[(int) index] : sparse.get(index);
    }
}
