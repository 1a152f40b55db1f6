package org.jtorch.cli;

import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.python.PythonGlobal;
import org.jtorch.serialize.python.PythonObject;
import org.jtorch.serialize.python.Tuple;

/**
 * All values in a checkpoint that are not containers, by the keys on the way to them, joined by dots. Empty containers are
 * included.
 */
final class FlatValues {

    /** Takes the place of a container that was already entered, if entering it again would not end or would take too long. */
    record SameAs(String path) {

        @Override
        public String toString() {
            return "<the same as '" + path + "'>";
        }
    }

    /** The number of values that are visited again because their container is met again. */
    private static final int MOST_AGAIN = 1 << 18;

    private static final Set<String> PARTS_OF_A_MODULE = Set.of("_parameters", "_buffers", "_modules");

    private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

    /** The last number that was given to one of several keys with the same text. */
    private final Map<String, Integer> alike = new HashMap<>();

    /** The containers on the current path, so that one that contains itself is not entered again. */
    private final IdentityHashMap<Object, Boolean> way = new IdentityHashMap<>();

    /** The place at which each container was first met. */
    private final IdentityHashMap<Object, String> first = new IdentityHashMap<>();

    /** Whether records of unknown classes are containers. */
    private final boolean entersRecords;

    /** The number of containers on the current path that were met before. */
    private int depthAgain;

    private int again;

    private FlatValues(boolean entersRecords) {
        this.entersRecords = entersRecords;
    }

    /** Returns the values. A record of an unknown class is a value. */
    static Map<String, @Nullable Object> of(@Nullable Object root) {
        return flat(root, false);
    }

    /**
     * Returns the values, including those in records of unknown classes. The tensors of a module have the keys of its state
     * dict.
     */
    static Map<String, @Nullable Object> deep(@Nullable Object root) {
        return flat(root, true);
    }

    private static Map<String, @Nullable Object> flat(@Nullable Object root, boolean entersRecords) {
        FlatValues flat = new FlatValues(entersRecords);
        flat.add("", root);
        return flat.values;
    }

    private void add(String path, @Nullable Object value) {
        again += depthAgain > 0 ? 1 : 0;
        if (value == null || !isContainer(value)) {
            put(path, value);
        } else if (way.containsKey(value) || (first.containsKey(value) && again > MOST_AGAIN)) {
            put(path, new SameAs(String.valueOf(first.get(value))));
        } else {
            boolean known = first.putIfAbsent(value, path) != null;
            depthAgain += known ? 1 : 0;
            way.put(value, true);
            addContainer(path, value);
            way.remove(value);
            depthAgain -= known ? 1 : 0;
        }
    }

    /**
     * Returns whether the value is a container with entries. An empty container is a value, because it contains nothing that
     * could be met again.
     */
    private boolean isContainer(Object value) {
        return value instanceof Map<?, ?> map && !map.isEmpty()
                || value instanceof List<?> list && !list.isEmpty()
                || value instanceof Tuple tuple && tuple.size() > 0
                || entersRecords && value instanceof PythonObject;
    }

    private void addContainer(String path, Object container) {
        if (container instanceof Map<?, ?> map) {
            map.forEach((key, child) -> add(child(path, key), child));
        } else if (container instanceof List<?> list) {
            addAll(path, list);
        } else if (container instanceof Tuple tuple) {
            addAll(path, tuple.values());
        } else if (container instanceof PythonObject object) {
            addRecord(path, object);
        }
    }

    private void addAll(String path, List<?> list) {
        for (int i = 0; i < list.size(); i++) {
            add(child(path, i), list.get(i));
        }
    }

    private void addRecord(String path, PythonObject object) {
        put(child(path, "__class__"), new PythonGlobal(object.name()));
        addAll(path, object.arguments().values());
        object.namedArguments().forEach((key, value) -> add(child(path, key), value));
        addAll(path, object.items());
        object.entries().forEach((key, value) -> add(child(path, key), value));
        if (object.isModule() && object.state() instanceof Map<?, ?> attributes) {
            attributes.forEach((key, value) -> addAttribute(path, key, value));
        } else if (object.state() != null) {
            addState(path, object.state());
        }
    }

    private void addState(String path, @Nullable Object state) {
        if (state instanceof Map<?, ?> map && map.isEmpty() || state instanceof List<?> list && list.isEmpty()) {
            return; // There are no attributes.
        }
        add(path, state);
    }

    /** Adds an attribute, unless it is one that every module has and that is usually empty, or one that is absent. */
    private void addAttribute(String path, @Nullable Object key, @Nullable Object value) {
        if (PARTS_OF_A_MODULE.contains(key) && value instanceof Map<?, ?> parts) {
            parts.forEach((name, part) -> {
                if (part != null) {
                    add(child(path, name), part);
                }
            });
        } else if (!(String.valueOf(key).startsWith("_") && isEmpty(value))) {
            add(child(path, key), value);
        }
    }

    static boolean isEmpty(@Nullable Object value) {
        return value instanceof Map<?, ?> map && map.isEmpty() || value instanceof Collection<?> many && many.isEmpty();
    }

    /** Adds a value. Different keys may have the same text, such as 1 and "1". */
    private void put(String path, @Nullable Object value) {
        String free = path;
        while (values.containsKey(free)) {
            free = path + " (" + alike.merge(path, 2, (last, two) -> last + 1) + ")";
        }
        values.put(free, value);
    }

    private static String child(String path, @Nullable Object key) {
        String name = key instanceof String text ? text : ValueText.of(key, MOST_OF_A_KEY);
        return path.isEmpty() ? name : path + "." + name;
    }

    private static final int MOST_OF_A_KEY = 1000;
}
