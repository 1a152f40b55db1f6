package org.jtorch.serialize;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a value has under keys: a dict, a record of a subclass of dict, a record's attributes, or a list by its indices. */
final class Entries {

    private Entries() {}

    /** The entries of {@code value}; null if it has none. */
    static @Nullable Map<?, ?> of(@Nullable Object value) {
        Map<?, ?> dict = dict(value);
        if (dict != null) {
            return dict;
        }
        if (value instanceof PythonObject object) {
            return object.items().isEmpty() ? object.attributes() : indexed(object.items());
        }
        if (value instanceof Tuple tuple) {
            return indexed(tuple.values());
        }
        return value instanceof List<?> list ? indexed(list) : null;
    }

    /** A dict, or what a record of a subclass of dict holds; null if it is neither. */
    static @Nullable Map<?, ?> dict(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : value instanceof PythonObject object ? object.mapping() : null;
    }

    private static Map<Object, @Nullable Object> indexed(List<?> values) {
        Map<Object, @Nullable Object> entries = new LinkedHashMap<>();
        for (Object value : values) {
            entries.put((long) entries.size(), value);
        }
        return entries;
    }
}
