package org.jtorch.serialize.internal.contents;

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
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.elements.Unfinished;
import org.jtorch.serialize.internal.pickle.Internal;
import org.jtorch.serialize.internal.stored.StoredTensor;
import org.jtorch.serialize.python.FrozenSet;
import org.jtorch.serialize.python.OrderedDict;
import org.jtorch.serialize.python.PythonGlobal;
import org.jtorch.serialize.python.PythonObject;
import org.jtorch.serialize.python.PythonValue;
import org.jtorch.serialize.python.Tuple;

/**
 * Visits a value that a pickle described, each container once, and replaces the description of each tensor, and each value
 * that is not data by its record. It is not recursive, so that it can visit any depth.
 */
public final class ContentsWalk {

    private static final Unfinished.Tuples<Tuple> TUPLES = Unfinished.tuples(Tuple.class);

    /** The result of a visitor for an entry that is removed. */
    public static final Object NOTHING = new Object();

    /** Replaces tensors. */
    public interface Visitor {

        /**
         * Returns the replacement of a tensor.
         *
         * @param path the keys that lead to it
         * @return {@link #NOTHING} to remove it from its dict; {@code tensor} to keep it
         */
        @Nullable
        Object visit(Path path, StoredTensor tensor);

        /**
         * Called for each object of an unknown class, and for each name of a class or function.
         *
         * @param path the keys that lead to it
         * @param value a {@link PythonObject} or a {@link PythonGlobal}
         */
        default void record(Path path, PythonValue value) {}

        /**
         * Called for each tensor that is already loaded. It is not replaced.
         *
         * @param path the keys that lead to it
         */
        default void loaded(Path path, Tensor tensor) {}
    }

    /** The keys that lead to a value, the last first. They become text only on request. */
    public static final class Path {

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
                keys.addFirst(budget.shown(String.valueOf(at.key)));
            }
            return String.join(".", keys);
        }
    }

    /**
     * Limits the length of all paths together, since a long key above many tensors is part of the path of each. The keys of
     * a file may be used a few times, and beyond that there is a fixed limit. After that, long keys are shortened, so that
     * their tensors can still be listed.
     */
    private static final class TextBudget {

        private static final long FREE = 1L << 26;
        private static final int USES = 4;

        /** The number of characters of a long key after the limit was reached. */
        private static final int SHORT = 100;

        private long left = FREE;

        void met(@Nullable Object key) {
            left += key instanceof String text ? (long) USES * text.length() : 0;
        }

        String shown(String key) {
            String text = key.length() > SHORT && key.length() > left ? key.substring(0, SHORT) + "…" : key;
            take(text.length() + 1);
            return text;
        }

        private void take(long characters) {
            left -= characters;
            if (left < -FREE / 2) {
                throw new CheckpointException("the keys that lead to the file's tensors have more than " + FREE
                        + " characters together, since they are above many tensors");
            }
        }
    }

    /** A container that is being visited. */
    private interface Frame {

        /**
         * Visits the next value, and returns false if there is none. If the value is a container, its frame is visited
         * next.
         */
        boolean next();
    }

    private final Visitor visitor;
    private final Deque<Frame> frames = new ArrayDeque<>();
    private final IdentityHashMap<Object, Boolean> seen = new IdentityHashMap<>();
    private final IdentityHashMap<FrozenSet, FrozenSet> frozen = new IdentityHashMap<>();
    private final TextBudget budget = new TextBudget();

    private ContentsWalk(Visitor visitor) {
        this.visitor = visitor;
    }

    /**
     * Returns the value with the descriptions of tensors replaced in its containers, or null if the value itself is
     * removed. Values are visited in the order of the file, the contents of a container before what follows it.
     */
    public static @Nullable Object replace(@Nullable Object root, Visitor visitor) {
        ContentsWalk walk = new ContentsWalk(visitor);
        Object replaced = walk.replaced(new Path(null, null, walk.budget), root);
        while (!walk.frames.isEmpty()) {
            if (!walk.frames.getLast().next()) {
                walk.frames.removeLast();
            }
        }
        return replaced == NOTHING ? null : replaced;
    }

    private @Nullable Object replaced(Path path, @Nullable Object described) {
        Object value = described instanceof Internal internal
                ? internal.record()
                : described instanceof FrozenSet set ? frozen(path, set) : described;
        if (value instanceof StoredTensor tensor) {
            return visitor.visit(path, tensor);
        }
        if (value instanceof Tensor tensor) {
            visitor.loaded(path, tensor);
        } else if (value instanceof PythonGlobal global) {
            visitor.record(path, global);
        } else if (value != null && isContainer(value) && seen.put(value, true) == null) {
            if (value instanceof PythonObject object) {
                visitor.record(path, object);
            }
            enter(path, value);
        }
        return value;
    }

    /** Copies a frozenset with tensors, since it is immutable. Frozensets inside of it are only as deep as a key may be. */
    private FrozenSet frozen(Path path, FrozenSet set) {
        FrozenSet known = frozen.get(set);
        if (known != null) {
            return known;
        }
        List<@Nullable Object> members = new ArrayList<>();
        boolean isSame = true;
        for (Object member : set) {
            Object value = member instanceof StoredTensor || member instanceof FrozenSet || member instanceof Internal
                    ? replaced(path.at(members.size()), member)
                    : member;
            isSame &= value == member;
            members.add(value);
        }
        members.removeIf(member -> member == NOTHING);
        FrozenSet made = isSame ? set : new FrozenSet(members);
        frozen.put(set, made);
        // the copy has nothing left to replace
        frozen.put(made, made);
        return made;
    }

    private static boolean isContainer(Object value) {
        return value instanceof Map
                || value instanceof List
                || value instanceof Tuple
                || value instanceof Set
                || value instanceof PythonObject;
    }

    @SuppressWarnings("unchecked") // the containers of a pickle may contain any value
    private void enter(Path path, Object container) {
        if (container instanceof Map<?, ?> map) {
            frames.addLast(new DictFrame(path, (Map<@Nullable Object, @Nullable Object>) map));
            if (container instanceof OrderedDict dict) {
                frames.addLast(
                        new DictFrame(path, (Map<@Nullable Object, @Nullable Object>) (Map<?, ?>) dict.attributes()));
            }
        } else if (container instanceof List<?> list) {
            frames.addLast(new ListFrame(path, (List<@Nullable Object>) list));
        } else if (container instanceof Set<?> set) {
            frames.addLast(new SetFrame(path, (Set<@Nullable Object>) set));
        } else if (container instanceof Tuple tuple) {
            frames.addLast(new TupleFrame(path, tuple));
        } else if (container instanceof PythonObject object) {
            frames.addLast(new RecordFrame(path, object));
        }
    }

    private static @Nullable Object orNull(@Nullable Object value) {
        return value == NOTHING ? null : value;
    }

    private final class DictFrame implements Frame {

        private final Path path;
        private final Iterator<Map.Entry<@Nullable Object, @Nullable Object>> entries;
        private int tensorKeys;

        DictFrame(Path path, Map<@Nullable Object, @Nullable Object> map) {
            this.path = path;
            this.entries = map.entrySet().iterator();
        }

        @Override
        public boolean next() {
            if (!entries.hasNext()) {
                return false;
            }
            Map.Entry<@Nullable Object, @Nullable Object> entry = entries.next();
            Object key = entry.getKey();
            budget.met(key);
            Object before = entry.getValue();
            Object shown = key instanceof StoredTensor ? "<tensor " + tensorKeys++ + ">" : key;
            Object value = before instanceof String ? before : replaced(path.at(shown), before);
            if (value == NOTHING) {
                entries.remove();
            } else if (value != before) {
                entry.setValue(value);
            }
            // of keys, only records and what may contain them are visited; they are not replaced
            if (key instanceof PythonObject || key instanceof PythonGlobal || key instanceof Tuple) {
                replaced(path, key);
            }
            return true;
        }
    }

    private final class ListFrame implements Frame {

        private final Path path;
        private final ListIterator<@Nullable Object> elements;

        ListFrame(Path path, List<@Nullable Object> list) {
            this.path = path;
            this.elements = list.listIterator();
        }

        @Override
        public boolean next() {
            if (!elements.hasNext()) {
                return false;
            }
            int index = elements.nextIndex();
            Object before = elements.next();
            Object value = replaced(path.at(index), before);
            if (value != before) {
                elements.set(orNull(value));
            }
            return true;
        }
    }

    private final class TupleFrame implements Frame {

        private final Path path;
        private final Tuple tuple;
        private int index;

        TupleFrame(Path path, Tuple tuple) {
            this.path = path;
            this.tuple = tuple;
        }

        @Override
        public boolean next() {
            if (index == tuple.size()) {
                return false;
            }
            Object before = tuple.get(index);
            Object value = replaced(path.at(index), before);
            if (value != before) {
                TUPLES.replace(tuple, index, orNull(value));
            }
            index++;
            return true;
        }
    }

    /** The members of a set do not have keys. */
    private final class SetFrame implements Frame {

        private final Path path;
        private final Set<@Nullable Object> set;
        private final List<@Nullable Object> before;
        private final List<@Nullable Object> after = new ArrayList<>();
        private boolean isSame = true;

        SetFrame(Path path, Set<@Nullable Object> set) {
            this.path = path;
            this.set = set;
            this.before = new ArrayList<>(set);
        }

        @Override
        public boolean next() {
            int index = after.size();
            if (index == before.size()) {
                if (!isSame) {
                    set.clear();
                    after.forEach(member -> {
                        if (member != NOTHING) {
                            set.add(member);
                        }
                    });
                }
                return false;
            }
            Object member = before.get(index);
            boolean isDone =
                    set instanceof FrozenSet && (member instanceof StoredTensor || member instanceof FrozenSet);
            Object value = isDone ? member : replaced(path.at(index), member);
            isSame &= value == member;
            after.add(value);
            return true;
        }
    }

    /** The contents of a record. The paths of a module's parameters, buffers and children have its path and their names. */
    private final class RecordFrame implements Frame {

        private final Path path;
        private final PythonObject object;
        private final Iterator<Object> parts;
        private boolean isAtEnd;

        RecordFrame(Path path, PythonObject object) {
            this.path = path;
            this.object = object;
            List<Object> all = new ArrayList<>(2);
            if (object.isModule()) {
                all.addAll(List.of(object.parameters(), object.buffers(), object.modules()));
            }
            add(all, object.arguments(), object.arguments().size() > 0);
            add(all, object.namedArguments(), !object.namedArguments().isEmpty());
            add(all, object.items(), !object.items().isEmpty());
            add(all, object.entries(), !object.entries().isEmpty());
            if (object.hasSlots() && object.state() instanceof Tuple pair) {
                pair.values().stream().filter(Objects::nonNull).forEach(all::add);
            }
            this.parts = all.iterator();
        }

        private static void add(List<Object> all, Object part, boolean holds) {
            if (holds) {
                all.add(part);
            }
        }

        @Override
        public boolean next() {
            if (parts.hasNext()) {
                replaced(path, parts.next());
                return true;
            }
            if (!isAtEnd && !object.hasSlots()) {
                object.setState(orNull(replaced(path, object.state())));
            } else {
                return false;
            }
            isAtEnd = true;
            return true;
        }
    }
}
