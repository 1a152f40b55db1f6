package org.jtorch.serialize.python;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's {@code collections.Counter}: how often each key was met. */
public final class Counter extends LinkedHashMap<@Nullable Object, @Nullable Object> {

    private static final long serialVersionUID = 1L;

    /** An empty one. */
    public Counter() {}

    /** One with the counts of {@code counts}, in its order. */
    public Counter(Map<?, ?> counts) {
        super(counts);
    }
}
