package org.jtorch.serialize;

import org.jspecify.annotations.Nullable;
import org.jtorch.TorchException;

/** A checkpoint cannot be read or written: the message names the file, what is wrong with it, and the remedy. */
public class CheckpointException extends TorchException {

    private static final long serialVersionUID = 1L;

    /** An exception without a cause. */
    public CheckpointException(String message) {
        super(message);
    }

    /** An exception with a cause. */
    public CheckpointException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The same with the file in front. */
    CheckpointException in(Object file) {
        return new CheckpointException(file + ": " + getMessage(), this);
    }
}
