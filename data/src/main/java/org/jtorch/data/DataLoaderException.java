package org.jtorch.data;

import org.jspecify.annotations.Nullable;
import org.jtorch.TorchException;

/**
 * Thrown by the iterator of a {@link DataLoader} if a batch could not be made. {@link #getCause} is what the dataset or the
 * collation threw. The iterator can be used further: it goes on with the next batch.
 */
public final class DataLoaderException extends TorchException {

    private static final long serialVersionUID = 1L;

    private final int index;
    private final int worker;

    DataLoaderException(String message, int index, int worker, @Nullable Throwable cause) {
        super(message, cause);
        this.index = index;
        this.worker = worker;
    }

    /**
     * Returns the exception for a failure.
     *
     * @param cause what was thrown
     * @param what what could not be made, if the cause does not say it: "the batch of examples [3, 4]"
     * @param worker the worker, or -1
     */
    static DataLoaderException of(Throwable cause, String what, int worker) {
        String where = worker < 0 ? "" : " in DataLoader worker " + worker;
        if (cause instanceof ExampleException example) {
            Throwable reason = example.getCause();
            return new DataLoaderException(
                    example.dataset + ".get(" + example.index + ") failed" + where + ": " + reason,
                    example.index,
                    worker,
                    reason);
        }
        return new DataLoaderException(what + " could not be made" + where + ": " + cause, -1, worker, cause);
    }

    /** Returns the name of an object's class for messages. */
    static String name(Object object) {
        Class<?> type = object.getClass();
        return type.getSimpleName().isEmpty() ? type.getName() : type.getSimpleName();
    }

    /** Returns the index of the example that could not be read, or -1 if the failure is not that of a single example. */
    public int index() {
        return index;
    }

    /** Returns the number of the worker in which it happened, or -1 if there are no workers. */
    public int worker() {
        return worker;
    }
}
