package org.jtorch.serialize.internal.pickle;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Size;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.python.PythonGlobal;
import org.jtorch.serialize.python.PythonObject;
import org.jtorch.serialize.python.Tuple;

/**
 * The arguments of a call in a pickle, with checks of their types.
 *
 * @param callee the class or function, for messages
 * @param values the values
 */
public record Arguments(String callee, List<@Nullable Object> values) {

    /** Returns the number of arguments. */
    public int count() {
        return values.size();
    }

    /** Refuses a number of arguments that is less than {@code least} or greater than {@code most}. */
    public Arguments expect(int least, int most) {
        if (count() < least || count() > most) {
            throw new WrongArgumentsException(callee + " takes " + (least == most ? "" + least : least + " to " + most)
                    + " arguments, but the file gives " + count());
        }
        return this;
    }

    /** Returns the argument at {@code index}, from 0. */
    public @Nullable Object get(int index) {
        return values.get(index);
    }

    /** Returns an argument of a type. */
    public <T> T get(int index, Class<T> type) {
        Object value = values.get(index);
        if (!type.isInstance(value)) {
            throw wrong(index, Kinds.named(type));
        }
        return type.cast(value);
    }

    /** Returns an argument that is True or False. */
    public boolean bool(int index) {
        return get(index, Boolean.class);
    }

    /** Returns an argument that is an int of 64 bits. */
    public long integer(int index) {
        return get(index, Long.class);
    }

    /** Returns an argument that is an int or a float. */
    public double number(int index) {
        return get(index, Number.class).doubleValue();
    }

    /** Returns an argument that is a tuple, a list or a Size of ints. */
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
     * Returns the exception for an argument that is not {@code expected}. If the argument is a record of something that is
     * not understood, the call may be correct, and is not understood either.
     */
    public CheckpointException wrong(int index, String expected) {
        Object value = values.get(index);
        String message = "argument " + index + " of " + callee + " must be " + expected + ", but is " + Kinds.of(value);
        return value instanceof PythonObject || value instanceof PythonGlobal
                ? new NotUnderstoodException(message)
                : new WrongArgumentsException(message);
    }
}
