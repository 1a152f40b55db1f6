package org.jtorch.serialize.format;

import org.jspecify.annotations.Nullable;
import org.jtorch.TorchException;

/** A checkpoint cannot be read or written: the message names the file, what is wrong with it, and the remedy. */
public class CheckpointException extends TorchException {

    private static final long serialVersionUID = 1L;

    private static final int MAX_MESSAGE = 2000;

    /** An exception without a cause. */
    public CheckpointException(String message) {
        super(shortened(message));
    }

    /** An exception with a cause. */
    public CheckpointException(String message, @Nullable Throwable cause) {
        super(shortened(message), cause);
    }

    /** What a file calls things may be of any length; a message is not. */
    private static String shortened(String message) {
        return message.length() <= MAX_MESSAGE
                ? message
                : message.substring(0, MAX_MESSAGE / 2) + " ... "
                        + message.substring(message.length() - MAX_MESSAGE / 2);
    }

    /** The same with the file in front. */
    public CheckpointException in(Object file) {
        return new CheckpointException(file + ": " + getMessage(), this);
    }
}
