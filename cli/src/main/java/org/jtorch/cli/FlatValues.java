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
 * All values in a checkpoint that are no containers, by the keys on the way to them, joined by dots; containers without entries
 * too.
 */
final class FlatValues {

    /** What stands where a container is met that was entered before, if entering it again would not end, or not soon. */
    record SameAs(String path) {

        @Override
        public String toString() {
            return "<the same as '" + path + "'>";
        }
    }

    /** Values that are gone through again because what holds them is met again. */
    private static final int MOST_AGAIN = 1 << 18;

    private static final Set<String> PARTS_OF_A_MODULE = Set.of("_parameters", "_buffers", "_modules");

    private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

    /** The last number that was given to one of several keys that look the same. */
    private final Map<String, Integer> alike = new HashMap<>();

    /** Containers on the way, so that one that holds itself is not entered twice. */
    private final IdentityHashMap<Object, Boolean> way = new IdentityHashMap<>();

    /** Where each container was met first. */
    private final IdentityHashMap<Object, String> first = new IdentityHashMap<>();

    /** Whether records of unknown classes are containers. */
    private final boolean entersRecords;

    /** How many containers on the way were met before. */
    private int depthAgain;

    private int again;

    private FlatValues(boolean entersRecords) {
        this.entersRecords = entersRecords;
    }

    /** Returns the values; a record of an unknown class is one. */
    static Map<String, @Nullable Object> of(@Nullable Object root) {
        return flat(root, false);
    }

    /**
     * Returns the values, those inside of records of unknown classes too; a module's tensors have their keys in its state dict.
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

    /** Containers without entries are values: there is nothing in them that would be met again. */
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
            return; // no attributes
        }
        add(path, state);
    }

    /** What every module has, and is empty in most, is not told; what it has not is not told either. */
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

    /** Keys that are different may look the same, as 1 and "1". */
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
