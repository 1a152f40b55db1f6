package org.jtorch.serialize.internal.stored;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Gives other modules of this project the {@link Reading} of a user's options. The class of the options registers how it is
 * computed, so that this package does not depend on it.
 */
public final class Readings {

    /**
     * Computes how a file is read.
     *
     * @param <T> the class of the options
     */
    @FunctionalInterface
    public interface Door<T> {

        /** Returns how a file is read. */
        Reading of(Consumer<T> options);
    }

    private static final Map<Class<?>, Door<?>> DOORS = new ConcurrentHashMap<>();

    private Readings() {}

    /** Registers the computation. Called once, by the static initializer of the class of the options. */
    public static <T> void open(Class<T> type, Door<T> door) {
        DOORS.put(type, door);
    }

    /** Returns how a file is read according to {@code options}. */
    @SuppressWarnings("unchecked") // registered with the same type
    public static <T> Reading of(Class<T> type, Consumer<T> options) {
        try {
            Class.forName(type.getName(), true, type.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
        Door<T> door =
                (Door<T>) Objects.requireNonNull(DOORS.get(type), () -> type + " has not registered its reading");
        return door.of(options);
    }
}
