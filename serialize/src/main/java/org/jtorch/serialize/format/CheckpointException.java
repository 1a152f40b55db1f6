package org.jtorch.serialize.format;

import org.jspecify.annotations.Nullable;
import org.jtorch.TorchException;

/** Thrown if a checkpoint cannot be read or written. The message names the file, the problem, and the remedy. */
public class CheckpointException extends TorchException {

    private static final long serialVersionUID = 1L;

    private static final int MAX_MESSAGE = 2000;

    /** Creates an exception without a cause. */
    public CheckpointException(String message) {
        super(shortened(message));
    }

    /** Creates an exception with a cause. */
    public CheckpointException(String message, @Nullable Throwable cause) {
        super(shortened(message), cause);
    }

    /** Shortens a message, since names in a file may have any length. */
    private static String shortened(String message) {
        return message.length() <= MAX_MESSAGE
                ? message
                : message.substring(0, MAX_MESSAGE / 2) + " ... "
                        + message.substring(message.length() - MAX_MESSAGE / 2);
    }

    /** Returns the same exception with the file at the beginning of the message. */
    public CheckpointException in(Object file) {
        return new CheckpointException(file + ": " + getMessage(), this);
    }
}
