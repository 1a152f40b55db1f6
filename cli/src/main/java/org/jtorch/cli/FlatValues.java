package org.jtorch.cli;

import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.Tuple;

/** All values in a checkpoint that are no containers, by the keys on the way to them, joined by dots. */
final class FlatValues {

    private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

    /** Containers on the way, so that one that holds itself is not entered twice. */
    private final IdentityHashMap<Object, Boolean> way = new IdentityHashMap<>();

    private FlatValues() {}

    static Map<String, @Nullable Object> of(@Nullable Object root) {
        FlatValues flat = new FlatValues();
        flat.add("", root);
        return flat.values;
    }

    private void add(String path, @Nullable Object value) {
        if (value instanceof Map<?, ?> map && enter(map)) {
            map.forEach((key, child) -> add(child(path, key), child));
            way.remove(map);
        } else if (value instanceof List<?> list && enter(list)) {
            addAll(path, list);
            way.remove(list);
        } else if (value instanceof Tuple tuple && enter(tuple)) {
            addAll(path, tuple.values());
            way.remove(tuple);
        } else if (!(value instanceof Map || value instanceof List || value instanceof Tuple)) {
            values.put(path, value);
        }
    }

    private boolean enter(Object container) {
        return way.put(container, true) == null;
    }

    private void addAll(String path, List<?> list) {
        for (int i = 0; i < list.size(); i++) {
            add(child(path, i), list.get(i));
        }
    }

    private static String child(String path, @Nullable Object key) {
        return path.isEmpty() ? String.valueOf(key) : path + "." + key;
    }
}
