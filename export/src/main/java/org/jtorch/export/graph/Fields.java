package org.jtorch.export.graph;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks of the fields that a file must have. */
final class Fields {

    private Fields() {}

    /**
     * Returns a field.
     *
     * @throws IllegalArgumentException if it is missing
     */
    static <T> T required(@Nullable T value, String name) {
        if (value == null) {
            throw new IllegalArgumentException("the " + name + " is missing");
        }
        return value;
    }

    /** Returns an unmodifiable copy in the same order; an empty map for null. */
    static <V> Map<String, V> copy(@Nullable Map<String, V> map) {
        return map == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}
