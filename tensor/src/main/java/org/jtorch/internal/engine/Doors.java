package org.jtorch.internal.engine;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.pytorch.Tensor;

/**
 * How the internal packages above {@code org.jtorch} reach what its classes keep to their package. A class opens its door in its
 * static initialiser; the kinds of doors are declared here, below all of them, so that no package depends on one that depends
 * on it.
 */
public final class Doors {

    /**
     * Opened by {@code org.jtorch.Tensor}.
     *
     * @param <T> that class
     */
    public interface Tensors<T> {

        /** The engine's handle; the tensor goes on owning it. */
        Tensor handle(T tensor);

        /** A tensor that owns {@code handle}, itself owned by the current scope. */
        T own(Tensor handle);

        /** Refuses {@code gradients} that do not fit the {@code tensors} of which they are said to be the gradients. */
        void checkGradients(Iterable<? extends T> tensors, Iterable<? extends T> gradients);
    }

    /**
     * Opened by {@code org.jtorch.UntypedStorage}.
     *
     * @param <S> that class
     */
    @FunctionalInterface
    public interface Storages<S> {

        /** Part of a storage as a buffer that does not keep its memory. */
        ByteBuffer lend(S storage, long offset, int length);
    }

    /**
     * Opened by {@code org.jtorch.Operator}.
     *
     * @param <P> that class
     */
    @FunctionalInterface
    public interface Operators<P> {

        /** An operator of the engine without any guard. */
        P find(String name, String overload);
    }

    private static final Map<Class<?>, Object> DOORS = new ConcurrentHashMap<>();

    private Doors() {}

    /** Opens the door of {@code keeper}; called once, by its static initialiser. */
    public static <K> void open(Class<K> keeper, Tensors<K> door) {
        DOORS.put(keeper, door);
    }

    /** As {@link #open(Class, Tensors)}. */
    public static <K> void open(Class<K> keeper, Storages<K> door) {
        DOORS.put(keeper, door);
    }

    /** As {@link #open(Class, Tensors)}. */
    public static <K> void open(Class<K> keeper, Operators<K> door) {
        DOORS.put(keeper, door);
    }

    /** The door of the class of tensors. */
    @SuppressWarnings("unchecked") // opened with the same type
    public static <K> Tensors<K> tensors(Class<K> keeper) {
        return (Tensors<K>) door(keeper);
    }

    /** The door of the class of storages. */
    @SuppressWarnings("unchecked") // opened with the same type
    public static <K> Storages<K> storages(Class<K> keeper) {
        return (Storages<K>) door(keeper);
    }

    /** The door of the class of operators. */
    @SuppressWarnings("unchecked") // opened with the same type
    public static <K> Operators<K> operators(Class<K> keeper) {
        return (Operators<K>) door(keeper);
    }

    /** Runs the keeper's static initialiser first: a program may begin with something else than a tensor. */
    private static Object door(Class<?> keeper) {
        try {
            Class.forName(keeper.getName(), true, keeper.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
        return Objects.requireNonNull(DOORS.get(keeper), () -> keeper + " has opened no door");
    }
}
