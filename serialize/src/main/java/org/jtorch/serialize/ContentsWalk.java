package org.jtorch.serialize;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.serialize.pickle.Internal;

/**
 * Goes through a value that a pickle described, into each container once, and puts something else in the place of each tensor's
 * description, and its record in the place of what is no data. Calls itself not at all, so that no nesting is too deep for it.
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

        /**
         * Told of each object of a class that is not there, and of each name of a class or function.
         *
         * @param path the keys on the way to it
         * @param value a {@link PythonObject} or a {@link PythonGlobal}
         */
        default void record(Path path, PythonValue value) {}

        /**
         * Told of each tensor that is loaded already; it stays.
         *
         * @param path the keys on the way to it
         */
        default void loaded(Path path, Tensor tensor) {}
    }

    /** The keys on the way to a value, the last first; made into text only where that is asked for. */
    static final class Path {

        private final @Nullable Path parent;
        private final @Nullable Object key;
        private final TextBudget budget;

        private Path(@Nullable Path parent, @Nullable Object key, TextBudget budget) {
            this.parent = parent;
            this.key = key;
            this.budget = budget;
        }

        Path at(@Nullable Object child) {
            return new Path(this, child, budget);
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
            for (Path at = this; at != null && at.parent != null; at = at.parent) {
                String text = String.valueOf(at.key);
                keys.addFirst(text);
                budget.take(text.length() + 1);
            }
            return String.join(".", keys);
        }
    }

    /**
     * Bounds what all paths together have as text: a long key above many tensors stands in the path of each. The keys that a file
     * has may be used a few times; beyond that there is a fixed room.
     */
    private static final class TextBudget {

        private static final long FREE = 1L << 26;
        private static final int USES = 4;

        private long left = FREE;

        void met(@Nullable Object key) {
            left += key instanceof String text ? (long) USES * text.length() : 0;
        }

        void take(long characters) {
            left -= characters;
            if (left < 0) {
                throw new CheckpointException("the keys on the way to the file's tensors have more than " + FREE
                        + " characters together, by standing above many of them");
            }
        }
    }

    private record Place(Path path, Object container) {}

    private final Visitor visitor;
    private final Deque<Place> open = new ArrayDeque<>();
    private final List<Place> met = new ArrayList<>();
    private final IdentityHashMap<Object, Boolean> seen = new IdentityHashMap<>();
    private final TextBudget budget = new TextBudget();

    private ContentsWalk(Visitor visitor) {
        this.visitor = visitor;
    }

    /** The value with its tensors' descriptions replaced, containers in place; null for one that goes. */
    static @Nullable Object replace(@Nullable Object root, Visitor visitor) {
        ContentsWalk walk = new ContentsWalk(visitor);
        Object replaced = walk.replaced(new Path(null, null, walk.budget), root);
        walk.open.addAll(walk.met);
        walk.met.clear();
        while (!walk.open.isEmpty()) {
            Place place = walk.open.removeLast();
            walk.into(place.path, place.container);
            // what was met first is gone into first
            for (int i = walk.met.size() - 1; i >= 0; i--) {
                walk.open.addLast(walk.met.get(i));
            }
            walk.met.clear();
        }
        return replaced == NOTHING ? null : replaced;
    }

    private @Nullable Object replaced(Path path, @Nullable Object described) {
        Object value = described instanceof Internal internal ? internal.record() : described;
        if (value instanceof TensorInfo tensor) {
            return visitor.visit(path, tensor);
        }
        if (value instanceof Tensor tensor) {
            visitor.loaded(path, tensor);
        }
        boolean container = value instanceof Map
                || value instanceof List
                || value instanceof Tuple
                || value instanceof Set
                || value instanceof PythonObject;
        if (value instanceof PythonGlobal global) {
            visitor.record(path, global);
        }
        if (value != null && container && seen.put(value, true) == null) {
            met.add(new Place(path, value));
            if (value instanceof PythonObject object) {
                visitor.record(path, object);
            }
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
        } else if (container instanceof Set<?> set) {
            members(path, (Set<@Nullable Object>) set);
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
        if (object.hasSlots()) {
            ((Tuple) Objects.requireNonNull(object.state())).values().forEach(part -> replaced(path, part));
            return;
        }
        Object state = replaced(path, object.state());
        object.setState(state == NOTHING ? null : state);
    }

    private void entries(Path path, Map<@Nullable Object, @Nullable Object> map) {
        Iterator<Map.Entry<@Nullable Object, @Nullable Object>> entries =
                map.entrySet().iterator();
        int tensorKeys = 0;
        while (entries.hasNext()) {
            Map.Entry<@Nullable Object, @Nullable Object> entry = entries.next();
            Object before = entry.getValue();
            key(path, entry.getKey());
            Object shown = entry.getKey() instanceof TensorInfo ? "<tensor " + tensorKeys++ + ">" : entry.getKey();
            Object value = before instanceof String ? before : replaced(path.at(shown), before);
            if (value == NOTHING) {
                entries.remove();
            } else if (value != before) {
                entry.setValue(value);
            }
        }
    }

    /** Of keys only records are looked at: they stay as they are. */
    private void key(Path path, @Nullable Object key) {
        budget.met(key);
        if (key instanceof PythonObject || key instanceof PythonGlobal) {
            replaced(path, key);
        }
    }

    /** Members of a set have no keys; those that are no tensors stay as they are. */
    private void members(Path path, Set<@Nullable Object> set) {
        List<@Nullable Object> before = new ArrayList<>(set);
        boolean same = true;
        List<@Nullable Object> after = new ArrayList<>();
        for (int i = 0; i < before.size(); i++) {
            Object value = replaced(path.at(i), before.get(i));
            same &= value == before.get(i);
            if (value != NOTHING) {
                after.add(value);
            }
        }
        if (!same && !(set instanceof FrozenSet)) {
            set.clear();
            set.addAll(after);
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
