package org.jtorch.serialize.internal.pickle;

import org.jtorch.serialize.format.CheckpointException;

/** Thrown if the arguments of a call do not fit the data that it creates. */
public final class WrongArgumentsException extends CheckpointException {

    private static final long serialVersionUID = 1L;

    /** Creates an exception that names the argument, the call, the expected type and the actual one. */
    public WrongArgumentsException(String message) {
        super(message);
    }
}
