package org.jtorch.data;

import org.jspecify.annotations.Nullable;

/** Closes iterators of streams. */
final class Streams {

    private Streams() {}

    /** Closes an iterator that is {@link AutoCloseable}; anything else, and null, is left alone. */
    static void close(@Nullable Object iterator) {
        if (iterator instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(
                        "the iterator of a dataset, a " + DataLoaderException.name(iterator) + ", cannot be closed: "
                                + e,
                        e);
            }
        }
    }
}
