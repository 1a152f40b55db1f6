package org.jtorch.serialize.internal.contents;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.python.PythonObject;
import org.jtorch.serialize.python.Tuple;

/**
 * The values under keys: the entries of a dict, or of a record of a subclass of dict; the elements of a list or tuple by
 * their indices; for any other record, its attributes, a module's parameters, buffers and children by their names, and the
 * elements or arguments of its constructor by their indices.
 */
public final class Entries {

    private Entries() {}

    /** Returns the entries of {@code value}, or null if it has none. */
    public static @Nullable Map<?, ?> of(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        if (value instanceof Tuple tuple) {
            return indexed(tuple.values());
        }
        if (value instanceof List<?> list) {
            return indexed(list);
        }
        return value instanceof PythonObject object ? ofRecord(object) : null;
    }

    private static Map<?, ?> ofRecord(PythonObject object) {
        List<@Nullable Map<?, ?>> parts = new ArrayList<>();
        parts.add(object.mapping());
        if (object.isModule()) {
            parts.add(object.parameters());
            parts.add(object.buffers());
            parts.add(object.modules());
        }
        parts.add(object.attributes());
        List<?> elements = !object.items().isEmpty()
                ? object.items()
                : object.state() instanceof Tuple state && !object.hasSlots()
                        ? state.values()
                        : object.arguments().values();
        parts.add(indexed(elements));
        Map<@Nullable Object, @Nullable Object> all = new LinkedHashMap<>();
        for (Map<?, ?> part : parts) {
            if (part != null) {
                part.forEach(all::putIfAbsent);
            }
        }
        return all;
    }

    /** Returns a dict, or the entries of a record of a subclass of dict, or null if {@code value} is neither. */
    public static @Nullable Map<?, ?> dict(@Nullable Object value) {
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
