package org.jtorch.serialize.internal.distributed;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.Limits;
import org.jtorch.serialize.python.Tuple;

/** Puts values under flat keys back into the dicts and lists from which they were taken. */
final class NestedState {

    /** The number of elements that lists may have without a value. In Python these were empty dicts. */
    private static final int ABSENT = 1 << 16;

    private final Limits limits;
    private final Map<Object, @Nullable Object> root = new LinkedHashMap<>();
    private final Set<Object> containers = Collections.newSetFromMap(new IdentityHashMap<>());
    private int absent = ABSENT;

    NestedState(Limits limits) {
        this.limits = limits;
        containers.add(root);
    }

    /** Returns the outermost dict. */
    Map<Object, @Nullable Object> root() {
        return root;
    }

    /**
     * Adds a value.
     *
     * @param path the keys, which are texts, and indices, which are numbers, that lead to it; null if it is not nested
     * @throws CheckpointException if there is another value in its place
     */
    void add(String key, @Nullable Tuple path, @Nullable Object value) {
        List<@Nullable Object> keys = path == null ? List.of(key) : path.values();
        if (keys.isEmpty() || keys.size() > limits.nesting()) {
            throw new CheckpointException("'" + key + "' is " + keys.size() + " containers deep");
        }
        Object container = root;
        for (int i = 0; i < keys.size() - 1; i++) {
            container = child(key, container, keys.get(i), keys.get(i + 1) instanceof Long);
        }
        Object last = keys.get(keys.size() - 1);
        if (get(key, container, last) != null) {
            throw wrong(key);
        }
        set(key, container, last, value);
    }

    private Object child(String key, Object container, @Nullable Object name, boolean list) {
        Object known = get(key, container, name);
        if (known == null) {
            known = list ? new ArrayList<@Nullable Object>() : new LinkedHashMap<Object, @Nullable Object>();
            containers.add(known);
            set(key, container, name, known);
        }
        if (!containers.contains(known)) {
            throw wrong(key);
        }
        return known;
    }

    private static @Nullable Object get(String key, Object container, @Nullable Object name) {
        if (container instanceof Map<?, ?> map && name instanceof String) {
            return map.get(name);
        }
        if (container instanceof List<?> list && name instanceof Long index && index >= 0) {
            return index < list.size() ? list.get(index.intValue()) : null;
        }
        throw wrong(key);
    }

    @SuppressWarnings("unchecked") // this class created every container
    private void set(String key, Object container, @Nullable Object name, @Nullable Object value) {
        if (container instanceof Map<?, ?>) {
            ((Map<Object, @Nullable Object>) container).put((String) java.util.Objects.requireNonNull(name), value);
            return;
        }
        List<@Nullable Object> list = (List<@Nullable Object>) container;
        long index = (Long) java.util.Objects.requireNonNull(name);
        if (index - list.size() > absent) {
            throw new CheckpointException("'" + key + "' is element " + index + " of a list of few elements");
        }
        while (list.size() < index) {
            list.add(null);
            absent--;
        }
        if (index < list.size()) {
            list.set((int) index, value);
        } else {
            list.add(value);
        }
    }

    private static CheckpointException wrong(String key) {
        return new CheckpointException("the place of '" + key + "' in the nested state is that of another value");
    }
}
