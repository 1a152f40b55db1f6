package org.jtorch.distributed.checkpoint;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.state.StateDict;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.python.Tuple;

/**
 * Visits the values in a nested state, as PyTorch's {@code flatten_state_dict} does: maps are always entered, lists only if
 * they contain a tensor or a map. The key of a value consists of the keys and indices that lead to it, joined by dots.
 */
final class Leaves {

    private static final int NESTING = 1000;

    /** Uses a value. */
    interface Visitor {

        /**
         * Returns the replacement of a value.
         *
         * @param key the key in the checkpoint
         * @param path the texts and indices that lead to it
         * @param value a tensor, a {@link Shard}, or any other value
         */
        @Nullable
        Object visit(String key, Tuple path, @Nullable Object value);
    }

    private final Visitor visitor;
    private final Set<String> keys = new HashSet<>();

    private Leaves(Visitor visitor) {
        this.visitor = visitor;
    }

    /**
     * Returns a copy of the maps and lists of {@code state} with each value replaced.
     *
     * @throws CheckpointException if two values have the same key
     */
    static Map<String, @Nullable Object> replace(Map<String, ?> state, Visitor visitor) {
        Leaves leaves = new Leaves(visitor);
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        entries(state).forEach((key, value) -> {
            if (!(key instanceof String text)) {
                throw new CheckpointException("the state has the key " + key + ": keys must be texts");
            }
            copy.put(text, leaves.visit(List.of(text), value));
        });
        return copy;
    }

    private static Map<?, ?> entries(Map<?, ?> map) {
        return map instanceof StateDict state ? state.entries() : map;
    }

    /** Returns the keys that lead to maps without entries. */
    static List<String> emptyMaps(Map<String, ?> state) {
        List<String> empty = new ArrayList<>();
        entries(state).forEach((key, value) -> addEmpty(String.valueOf(key), value, empty));
        return empty;
    }

    private static void addEmpty(String path, @Nullable Object value, List<String> empty) {
        if (value instanceof Map<?, ?> map) {
            if (entries(map).isEmpty()) {
                empty.add(path);
            }
            entries(map).forEach((key, each) -> addEmpty(path + "." + key, each, empty));
        }
    }

    private @Nullable Object visit(List<Object> path, @Nullable Object value) {
        if (path.size() > NESTING) {
            throw new CheckpointException("the state nests containers more than " + NESTING + " deep");
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
            entries(map).forEach((key, each) -> copy.put(key, visit(with(path, name(path, key)), each)));
            return copy;
        }
        if (value instanceof List<?> list && isEntered(list, 0)) {
            List<@Nullable Object> copy = new ArrayList<>();
            for (Object each : list) {
                copy.add(visit(with(path, (long) copy.size()), each));
            }
            return copy;
        }
        String key = String.join(".", path.stream().map(String::valueOf).toList());
        if (!keys.add(key)) {
            throw new CheckpointException("two values of the state have the key '" + key + "': rename one of them");
        }
        return visitor.visit(key, new Tuple(path), value);
    }

    private static List<Object> with(List<Object> path, Object key) {
        List<Object> longer = new ArrayList<>(path);
        longer.add(key);
        return longer;
    }

    private static String name(List<Object> path, @Nullable Object key) {
        if (key instanceof String || key instanceof Long || key instanceof Integer) {
            return String.valueOf(key);
        }
        throw new CheckpointException("a map at '"
                + String.join(".", path.stream().map(String::valueOf).toList()) + "' has the key " + key
                + ": keys must be texts or whole numbers");
    }

    private static boolean isEntered(List<?> list, int depth) {
        for (Object each : list) {
            if (each instanceof Tensor
                    || each instanceof Shard
                    || each instanceof Map
                    || (depth < NESTING && each instanceof List<?> inner && isEntered(inner, depth + 1))) {
                return true;
            }
        }
        return false;
    }
}
