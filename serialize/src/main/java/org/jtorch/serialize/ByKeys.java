package org.jtorch.serialize;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Values by the text of the keys on the way to them. Two keys may look alike, as 1 and "1" do: no value is left out for that. */
final class ByKeys<V> {

    private final Map<String, V> values = new LinkedHashMap<>();
    private final Map<String, Integer> alike = new HashMap<>();

    void put(String key, V value) {
        String unlike = key;
        while (values.putIfAbsent(unlike, value) != null) {
            unlike = key + " (" + alike.merge(key, 2, (last, two) -> last + 1) + ")";
        }
    }

    /** The values, the later ones of keys that are alike followed by {@code (2)} and so on. */
    Map<String, V> values() {
        return values;
    }
}
