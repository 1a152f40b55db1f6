package org.jtorch.data;

import java.util.Iterator;

/**
 * An iterator with something to close, such as a file or threads. It closes itself at the end of the iteration; {@link #close}
 * is for an iteration that ends earlier.
 *
 * @param <T> the type of the elements
 */
public interface CloseableIterator<T> extends Iterator<T>, AutoCloseable {

    /** Ends the iteration. Closing twice has no effect. */
    @Override
    void close();
}
