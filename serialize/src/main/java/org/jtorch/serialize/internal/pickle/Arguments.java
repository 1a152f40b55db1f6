package org.jtorch.serialize.internal.pickle;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Size;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.python.PythonGlobal;
import org.jtorch.serialize.python.PythonObject;
import org.jtorch.serialize.python.Tuple;

/**
 * The arguments of a call that a pickle asks for, taken out as what they must be.
 *
 * @param callee whose they are, for messages
 * @param values the values
 */
public record Arguments(String callee, List<@Nullable Object> values) {

    /** How many there are. */
    public int count() {
        return values.size();
    }

    /** Refuses another number of them than {@code least} to {@code most}. */
    public Arguments expect(int least, int most) {
        if (count() < least || count() > most) {
            throw new WrongArgumentsException(callee + " takes " + (least == most ? "" + least : least + " to " + most)
                    + " arguments, but the file gives " + count());
        }
        return this;
    }

    /** The argument at {@code index}, from 0. */
    public @Nullable Object get(int index) {
        return values.get(index);
    }

    /** An argument of a type. */
    public <T> T get(int index, Class<T> type) {
        Object value = values.get(index);
        if (!type.isInstance(value)) {
            throw wrong(index, Kinds.named(type));
        }
        return type.cast(value);
    }

    /** An argument that is True or False. */
    public boolean bool(int index) {
        return get(index, Boolean.class);
    }

    /** An argument that is an int of 64 bits. */
    public long integer(int index) {
        return get(index, Long.class);
    }

    /** An argument that is an int or a float. */
    public double number(int index) {
        return get(index, Number.class).doubleValue();
    }

    /** An argument that is a tuple, a list or a Size of ints. */
    public long[] integers(int index) {
        Object value = values.get(index);
        if (value instanceof Size size) {
            return size.toArray();
        }
        List<?> elements = value instanceof Tuple tuple ? tuple.values() : value instanceof List<?> list ? list : null;
        if (elements == null) {
            throw wrong(index, "a tuple of ints");
        }
        long[] integers = new long[elements.size()];
        for (int i = 0; i < integers.length; i++) {
            if (!(elements.get(i) instanceof Long element)) {
                throw wrong(index, "a tuple of ints");
            }
            integers[i] = element;
        }
        return integers;
    }

    /**
     * What to throw if the argument at {@code index} is not {@code expected}. If it is a record of something that is not understood, the
     * call may be right, and is not understood either.
     */
    public CheckpointException wrong(int index, String expected) {
        Object value = values.get(index);
        String message = "argument " + index + " of " + callee + " must be " + expected + ", but is " + Kinds.of(value);
        return value instanceof PythonObject || value instanceof PythonGlobal
                ? new NotUnderstoodException(message)
                : new WrongArgumentsException(message);
    }
}
