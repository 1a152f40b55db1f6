package org.jtorch.serialize.internal.pickle;

import org.jtorch.serialize.format.CheckpointException;

/** A call has other arguments than the data that it makes needs. */
public final class WrongArgumentsException extends CheckpointException {

    private static final long serialVersionUID = 1L;

    /** Which argument of which call, what it must be, and what it is. */
    public WrongArgumentsException(String message) {
        super(message);
    }
}
