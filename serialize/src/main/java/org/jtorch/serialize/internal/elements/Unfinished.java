package org.jtorch.serialize.internal.elements;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Gives readers access to immutable values that they complete after creating them: a tuple that contains itself, an array
 * whose elements follow it in the file. The classes of these values register the access here, so that neither these classes
 * nor the readers depend on each other.
 */
public final class Unfinished {

    /**
     * Registered by the class of tuples.
     *
     * @param <T> the class
     */
    @FunctionalInterface
    public interface Tuples<T> {

        /** Replaces the description of a tensor by the tensor. */
        void replace(T tuple, int index, @Nullable Object value);
    }

    /**
     * Registered by the class of numpy arrays.
     *
     * @param <A> the class
     */
    public interface Arrays<A> {

        /** Creates an array without a state, as numpy does before it sets the state. */
        A make();

        /** Sets the state. The array takes ownership of {@code bytes}. */
        void set(A array, String dtype, long[] shape, byte[] bytes);
    }

    private static volatile @Nullable Tuples<?> tuples;
    private static volatile @Nullable Arrays<?> arrays;

    private Unfinished() {}

    /** Registers the access. Called once, by the static initializer of the class of tuples. */
    public static <T> void open(Class<T> keeper, Tuples<T> door) {
        tuples = door;
    }

    /** Registers the access. Called once, by the static initializer of the class of arrays. */
    public static <A> void open(Class<A> keeper, Arrays<A> door) {
        arrays = door;
    }

    /** Returns the access to the class of tuples. */
    @SuppressWarnings("unchecked") // registered with the same type
    public static <T> Tuples<T> tuples(Class<T> keeper) {
        initialise(keeper);
        return (Tuples<T>) Objects.requireNonNull(tuples);
    }

    /** Returns the access to the class of arrays. */
    @SuppressWarnings("unchecked") // registered with the same type
    public static <A> Arrays<A> arrays(Class<A> keeper) {
        initialise(keeper);
        return (Arrays<A>) Objects.requireNonNull(arrays);
    }

    private static void initialise(Class<?> keeper) {
        try {
            Class.forName(keeper.getName(), true, keeper.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
