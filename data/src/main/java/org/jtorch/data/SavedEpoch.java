package org.jtorch.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jtorch.Tensor;

/** What {@link Position#stateDict} wrote, read and checked. */
record SavedEpoch(
        Map<String, Object> random,
        long seed,
        boolean drewSeed,
        long pulled,
        boolean exhausted,
        List<Long> undelivered,
        List<Long> batches,
        List<Boolean> ended,
        int nextWorker) {

    static SavedEpoch of(Map<?, ?> state) {
        SavedEpoch saved = new SavedEpoch(
                map(state, "random"),
                number(state, "seed"),
                value(state, "drew_seed", Boolean.class),
                number(state, "pulled"),
                value(state, "exhausted", Boolean.class),
                list(state, "undelivered", Number.class).stream()
                        .map(Number::longValue)
                        .toList(),
                list(state, "batches", Number.class).stream()
                        .map(Number::longValue)
                        .toList(),
                list(state, "ended", Boolean.class),
                Math.toIntExact(number(state, "next_worker")));
        if (saved.batches.size() != saved.ended.size() || saved.nextWorker >= Math.max(1, saved.ended.size())) {
            throw new IllegalArgumentException("the state of the epoch contradicts itself: " + state);
        }
        return saved;
    }

    static long number(Map<?, ?> state, String key) {
        return value(state, key, Number.class).longValue();
    }

    /** Returns a copy of a map of the state, whose tensors the caller may free. */
    static Map<String, Object> map(Map<?, ?> state, String key) {
        Map<String, Object> copy = new LinkedHashMap<>();
        Map<?, ?> original = value(state, key, Map.class);
        original.forEach((name, value) -> copy.put((String) name, copy(value)));
        return copy;
    }

    private static Object copy(Object value) {
        if (value instanceof Tensor tensor) {
            return tensor.clone().unscoped();
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((key, inner) -> copy.put(key, copy(inner)));
            return copy;
        }
        return value;
    }

    static <V> V value(Map<?, ?> state, String key, Class<V> type) {
        Object value = state.get(key);
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException("the state of a DataLoader has a " + type.getSimpleName() + " \"" + key
                    + "\", but here it is " + (value == null ? "missing" : "a " + DataLoaderException.name(value)));
        }
        return type.cast(value);
    }

    private static <V> List<V> list(Map<?, ?> state, String key, Class<V> type) {
        List<V> list = new ArrayList<>();
        for (Object element : value(state, key, List.class)) {
            if (!type.isInstance(element)) {
                throw new IllegalArgumentException("the state's \"" + key + "\" has an element that is not a "
                        + type.getSimpleName() + ": " + element);
            }
            list.add(type.cast(element));
        }
        return list;
    }
}
