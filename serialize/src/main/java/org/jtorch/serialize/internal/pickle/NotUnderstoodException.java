package org.jtorch.serialize.internal.pickle;

import org.jtorch.serialize.format.CheckpointException;

/** Thrown for a call that may be correct in Python, but whose result is not known here. A record of the call is kept. */
public final class NotUnderstoodException extends CheckpointException {

    private static final long serialVersionUID = 1L;

    /** Creates an exception with a description of what is not understood, and why. */
    public NotUnderstoodException(String message) {
        super(message);
    }

    /** Omits the stack trace, since the exception may be caught for every value of a file. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
