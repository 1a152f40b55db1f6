package org.jtorch.serialize.python;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's {@code collections.Counter}: the number of times that each key occurred. */
public final class Counter extends LinkedHashMap<@Nullable Object, @Nullable Object> {

    private static final long serialVersionUID = 1L;

    /** Creates an empty counter. */
    public Counter() {}

    /** Creates a counter with the entries of {@code counts}, in its order. */
    public Counter(Map<?, ?> counts) {
        super(counts);
    }
}
