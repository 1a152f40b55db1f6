package org.jtorch;

import org.jspecify.annotations.Nullable;

/**
 * Thrown if an operation failed in the engine, or its result cannot be used. The message is libtorch's, without C++ frames.
 */
public class TorchException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what failed, with the offending value and the remedy
     */
    public TorchException(String message) {
        super(message);
    }

    /**
     * Creates an exception with a cause.
     *
     * @param message what failed, with the offending value and the remedy; may be null
     * @param cause the cause, or null
     */
    public TorchException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
