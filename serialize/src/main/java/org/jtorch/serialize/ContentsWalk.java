package org.jtorch.serialize;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a value that a pickle described, into each container once, and puts something else in the place of each tensor's
 * description. Calls itself not at all, so that no nesting is too deep for it.
 */
final class ContentsWalk {

    /** What a visitor gives for an entry that goes. */
    static final Object NOTHING = new Object();

    /** What becomes of a tensor. */
    interface Visitor {

        /**
         * What stands for the tensor.
         *
         * @param path the keys on the way to it
         * @return {@link #NOTHING} where it goes from its dict; {@code tensor} where it stays
         */
        @Nullable
        Object visit(Path path, TensorInfo tensor);
    }

    /** The keys on the way to a value, the last first; made into text only where that is asked for. */
    record Path(@Nullable Path parent, @Nullable Object key) {

        private static final int MAX_PATH = 1 << 14;

        static final Path ROOT = new Path(null, null);

        Path at(@Nullable Object child) {
            return new Path(this, child);
        }

        @Override
        public String toString() {
            if (parent == null) {
                return "";
            }
            if (parent.parent == null) {
                return String.valueOf(key);
            }
            Deque<String> keys = new ArrayDeque<>();
            int length = 0;
            for (Path at = this; at != null && at.parent != null; at = at.parent) {
                String key = String.valueOf(at.key);
                keys.addFirst(key);
                length += key.length();
                if (length > MAX_PATH) {
                    throw new CheckpointException(
                            "the keys on the way to a tensor have more than " + MAX_PATH + " characters together");
                }
            }
            return String.join(".", keys);
        }
    }

    private record Place(Path path, Object container) {}

    private final Visitor visitor;
    private final Deque<Place> open = new ArrayDeque<>();
    private final IdentityHashMap<Object, Boolean> seen = new IdentityHashMap<>();

    private ContentsWalk(Visitor visitor) {
        this.visitor = visitor;
    }

    /** The value with its tensors' descriptions replaced, containers in place; null for one that goes. */
    static @Nullable Object replace(@Nullable Object root, Visitor visitor) {
        ContentsWalk walk = new ContentsWalk(visitor);
        Object replaced = walk.replaced(Path.ROOT, root);
        while (!walk.open.isEmpty()) {
            Place place = walk.open.removeLast();
            walk.into(place.path, place.container);
        }
        return replaced == NOTHING ? null : replaced;
    }

    private @Nullable Object replaced(Path path, @Nullable Object value) {
        if (value instanceof TensorInfo tensor) {
            return visitor.visit(path, tensor);
        }
        boolean container = value instanceof Map
                || value instanceof List
                || value instanceof Tuple
                || value instanceof PythonObject;
        if (value != null && container && seen.put(value, true) == null) {
            open.addLast(new Place(path, value));
        }
        return value;
    }

    @SuppressWarnings("unchecked") // the containers that a pickle made hold anything
    private void into(Path path, Object container) {
        if (container instanceof Map<?, ?> map) {
            if (container instanceof OrderedDict dict) {
                entries(path, (Map<@Nullable Object, @Nullable Object>) (Map<?, ?>) dict.attributes());
            }
            entries(path, (Map<@Nullable Object, @Nullable Object>) map);
        } else if (container instanceof List<?> list) {
            elements(path, (List<@Nullable Object>) list);
        } else if (container instanceof Tuple tuple) {
            for (int i = 0; i < tuple.size(); i++) {
                Object value = replaced(path.at(i), tuple.get(i));
                if (value != tuple.get(i)) {
                    tuple.replace(i, value == NOTHING ? null : value);
                }
            }
        } else if (container instanceof PythonObject object) {
            replaced(path, object.arguments());
            replaced(path, object.namedArguments());
            replaced(path, object.items());
            replaced(path, object.entries());
            state(path, object);
        }
    }

    /** A module's parameters, buffers and children are called by its name and their own. */
    private void state(Path path, PythonObject object) {
        if (object.isModule()) {
            replaced(path, object.parameters());
            replaced(path, object.buffers());
            replaced(path, object.modules());
        }
        Object state = replaced(path, object.state());
        object.setState(state == NOTHING ? null : state);
    }

    private void entries(Path path, Map<@Nullable Object, @Nullable Object> map) {
        Iterator<Map.Entry<@Nullable Object, @Nullable Object>> entries =
                map.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<@Nullable Object, @Nullable Object> entry = entries.next();
            Object before = entry.getValue();
            Object value = before instanceof String ? before : replaced(path.at(entry.getKey()), before);
            if (value == NOTHING) {
                entries.remove();
            } else if (value != before) {
                entry.setValue(value);
            }
        }
    }

    private void elements(Path path, List<@Nullable Object> list) {
        ListIterator<@Nullable Object> values = list.listIterator();
        while (values.hasNext()) {
            int index = values.nextIndex();
            Object before = values.next();
            Object value = replaced(path.at(index), before);
            if (value != before) {
                values.set(value == NOTHING ? null : value);
            }
        }
    }
}
