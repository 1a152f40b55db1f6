package org.jtorch.serialize;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Python's tuple: values in order that do not change.
 *
 * @param values its elements
 */
public record Tuple(List<@Nullable Object> values) implements PythonValue {

    /** Without elements. */
    public static final Tuple EMPTY = new Tuple(List.of());

    /** Copies the elements. */
    public Tuple {
        values = Collections.unmodifiableList(Arrays.asList(values.toArray()));
    }

    /** The tuple of {@code values}. */
    public static Tuple of(@Nullable Object... values) {
        return new Tuple(Arrays.asList(values));
    }

    /** How many elements it has. */
    public int size() {
        return values.size();
    }

    /** The element at {@code index}, from 0. */
    public @Nullable Object get(int index) {
        return values.get(index);
    }

    @Override
    public String toString() {
        String elements = String.join(", ", values.stream().map(String::valueOf).toList());
        return "(" + elements + (values.size() == 1 ? ",)" : ")");
    }
}
