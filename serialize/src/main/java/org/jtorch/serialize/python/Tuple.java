package org.jtorch.serialize.python;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.internal.elements.Unfinished;

/** Python's tuple: an immutable list of values. */
public final class Tuple implements PythonValue {

    /** The tuples of which this thread makes the text. */
    private static final ThreadLocal<Set<Tuple>> SHOWING =
            ThreadLocal.withInitial(() -> Collections.newSetFromMap(new IdentityHashMap<>()));

    static {
        Unfinished.open(Tuple.class, (Unfinished.Tuples<Tuple>) Tuple::replace);
    }

    /** The tuple without elements. */
    public static final Tuple EMPTY = new Tuple(List.of());

    private final @Nullable Object[] elements;
    private final List<@Nullable Object> values;

    /** Creates a tuple with a copy of {@code values}. */
    public Tuple(List<? extends @Nullable Object> values) {
        this.elements = values.toArray();
        this.values = Collections.unmodifiableList(Arrays.asList(elements));
    }

    /** Returns a tuple of {@code values}. */
    public static Tuple of(@Nullable Object... values) {
        return new Tuple(Arrays.asList(values));
    }

    /** Returns the elements in an unmodifiable list. */
    public List<@Nullable Object> values() {
        return values;
    }

    /** Returns the number of elements. */
    public int size() {
        return elements.length;
    }

    /** Returns the element at {@code index}, from 0. */
    public @Nullable Object get(int index) {
        return elements[index];
    }

    /** Implements {@link Unfinished.Tuples#replace}. */
    private void replace(int index, @Nullable Object value) {
        elements[index] = value;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Tuple tuple && values.equals(tuple.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        Set<Tuple> outer = SHOWING.get();
        if (!outer.add(this)) {
            return "(...)"; // it holds itself, as Python shows it
        }
        try {
            String shown =
                    String.join(", ", values.stream().map(String::valueOf).toList());
            return "(" + shown + (values.size() == 1 ? ",)" : ")");
        } finally {
            outer.remove(this);
        }
    }
}
