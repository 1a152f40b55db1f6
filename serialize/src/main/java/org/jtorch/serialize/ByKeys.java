package org.jtorch.serialize;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Values by the text of their keys. Different keys may have the same text, such as 1 and "1"; no value is dropped because
 * of this.
 */
final class ByKeys<V> {

    private final Map<String, V> values = new LinkedHashMap<>();
    private final Map<String, Integer> alike = new HashMap<>();

    void put(String key, V value) {
        String unlike = key;
        while (values.putIfAbsent(unlike, value) != null) {
            unlike = key + " (" + alike.merge(key, 2, (last, two) -> last + 1) + ")";
        }
    }

    /** Returns the values. If keys have the same text, the later ones are followed by {@code (2)} and so on. */
    Map<String, V> values() {
        return values;
    }
}
