package org.jtorch.internal.engine;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Gives the internal packages access to package-private members of classes in {@code org.jtorch}. Such a class registers an
 * implementation of an interface of this class in its static initializer. The interfaces are declared here so that no
 * package depends on one that depends on it.
 */
public final class Doors {

    /**
     * Registered by {@code org.jtorch.Tensor}.
     *
     * @param <T> the class
     */
    public interface Tensors<T> {

        /** Returns the engine's handle. The tensor keeps the ownership. */
        Tensor handle(T tensor);

        /** Returns a tensor that owns {@code handle}. The current scope owns the tensor. */
        T own(Tensor handle);

        /** Ends the use of {@code tensor} by the current thread, so that another thread can adopt it. */
        void handOver(T tensor);

        /** Makes the current thread the one that may free {@code tensor}, which was handed over. */
        void adopt(T tensor);

        /** Returns the engine's accumulated gradient, or null. The tensor keeps the ownership. */
        @Nullable
        Tensor gradient(T tensor);

        /** Refuses {@code gradients} that do not fit {@code tensors}. */
        void checkGradients(Iterable<? extends T> tensors, Iterable<? extends T> gradients);
    }

    /**
     * Registered by {@code org.jtorch.UntypedStorage}.
     *
     * @param <S> the class
     */
    @FunctionalInterface
    public interface Storages<S> {

        /** Returns a part of a storage as a buffer that does not keep its memory. */
        ByteBuffer lend(S storage, long offset, int length);
    }

    /**
     * Registered by {@code org.jtorch.Operator}.
     *
     * @param <P> the class
     */
    public interface Operators<P> {

        /** Returns any operator of the engine. Its calls are guarded against arguments with which the engine crashes. */
        P find(String name, String overload);

        /** Returns any operator of the engine, without the guard of its calls. */
        P findUnguarded(String name, String overload);

        /**
         * Calls an operator.
         *
         * @param values the arguments
         * @return the results in order; null in place of a tensor that the operator leaves undefined
         */
        @Nullable
        Object[] results(P operator, @Nullable Object... values);

        /**
         * Returns calls of an operator in which some arguments are the same each time.
         *
         * @param values the arguments of one call
         * @param constant which of them are the same
         * @return takes all arguments of a call, and returns the results as {@link #results}
         */
        UnaryOperator<@Nullable Object[]> prepared(P operator, @Nullable Object[] values, boolean[] constant);

        /**
         * Calls an operator without recording it.
         *
         * @param values the arguments, of which lists of tensors may be a {@link HandleList}
         * @return the first result, a list of tensors that the caller must close; null if there are no results
         */
        @Nullable
        HandleList lists(P operator, @Nullable Object... values);

        /**
         * Returns the engine's form of a value, which the caller must close.
         *
         * @param place what the value is, for messages
         */
        IValue box(Type.TypePtr type, @Nullable Object value, String place);

        /** Returns a value of the engine in Java, of a type that may be unknown. The value may be closed. */
        @Nullable
        Object unbox(IValue value, Type.@Nullable TypePtr type);
    }

    /**
     * Registered by {@code org.jtorch.DType}.
     *
     * @param <D> the class
     */
    public interface DTypes<D> {

        /** Returns the engine's type. */
        ScalarType scalarType(D dtype);

        /** Returns the dtype for the engine's type. */
        D of(ScalarType type);
    }

    private static final Map<Class<?>, Object> DOORS = new ConcurrentHashMap<>();

    private Doors() {}

    /** Registers the access to {@code keeper}. Called once, by its static initializer. */
    public static <K> void open(Class<K> keeper, Tensors<K> door) {
        DOORS.put(keeper, door);
    }

    /** Registers the access to {@code keeper}, as {@link #open(Class, Tensors)}. */
    public static <K> void open(Class<K> keeper, Storages<K> door) {
        DOORS.put(keeper, door);
    }

    /** Registers the access to {@code keeper}, as {@link #open(Class, Tensors)}. */
    public static <K> void open(Class<K> keeper, Operators<K> door) {
        DOORS.put(keeper, door);
    }

    /** Registers the access to {@code keeper}, as {@link #open(Class, Tensors)}. */
    public static <K> void open(Class<K> keeper, DTypes<K> door) {
        DOORS.put(keeper, door);
    }

    /** Returns the access to the class of tensors. */
    @SuppressWarnings("unchecked") // registered with the same type
    public static <K> Tensors<K> tensors(Class<K> keeper) {
        return (Tensors<K>) door(keeper);
    }

    /** Returns the access to the class of storages. */
    @SuppressWarnings("unchecked") // registered with the same type
    public static <K> Storages<K> storages(Class<K> keeper) {
        return (Storages<K>) door(keeper);
    }

    /** Returns the access to the class of operators. */
    @SuppressWarnings("unchecked") // registered with the same type
    public static <K> Operators<K> operators(Class<K> keeper) {
        return (Operators<K>) door(keeper);
    }

    /** Returns the access to the class of dtypes. */
    @SuppressWarnings("unchecked") // registered with the same type
    public static <K> DTypes<K> dtypes(Class<K> keeper) {
        return (DTypes<K>) door(keeper);
    }

    /** Runs the static initializer of {@code keeper} first, since a program may not have used the class before. */
    private static Object door(Class<?> keeper) {
        try {
            Class.forName(keeper.getName(), true, keeper.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
        return Objects.requireNonNull(DOORS.get(keeper), () -> keeper + " has not registered its access");
    }
}
