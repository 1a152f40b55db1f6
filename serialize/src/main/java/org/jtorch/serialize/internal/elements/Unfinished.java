package org.jtorch.serialize.internal.elements;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Values that readers finish after they were made, although nobody else can change them: a tuple that holds itself, an array whose
 * elements come after it. Their classes open this door for the readers; it stands below both, so that neither depends on the other.
 */
public final class Unfinished {

    /**
     * Opened by the class of tuples.
     *
     * @param <T> that class
     */
    @FunctionalInterface
    public interface Tuples<T> {

        /** Puts a tensor where its description stood. */
        void replace(T tuple, int index, @Nullable Object value);
    }

    /**
     * Opened by the class of numpy arrays.
     *
     * @param <A> that class
     */
    public interface Arrays<A> {

        /** What numpy makes before it sets the state. */
        A make();

        /** Sets the state; {@code bytes} are the array's from now on. */
        void set(A array, String dtype, long[] shape, byte[] bytes);
    }

    private static volatile @Nullable Tuples<?> tuples;
    private static volatile @Nullable Arrays<?> arrays;

    private Unfinished() {}

    /** Called once, by the static initialiser of the class of tuples. */
    public static <T> void open(Class<T> keeper, Tuples<T> door) {
        tuples = door;
    }

    /** Called once, by the static initialiser of the class of arrays. */
    public static <A> void open(Class<A> keeper, Arrays<A> door) {
        arrays = door;
    }

    /** The door of the class of tuples. */
    @SuppressWarnings("unchecked") // opened with the same type
    public static <T> Tuples<T> tuples(Class<T> keeper) {
        initialise(keeper);
        return (Tuples<T>) Objects.requireNonNull(tuples);
    }

    /** The door of the class of arrays. */
    @SuppressWarnings("unchecked") // opened with the same type
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
