package org.jtorch.serialize.internal.pickle;

import org.jtorch.serialize.format.CheckpointException;

/** A call that may be right in Python, but makes nothing that is known here: what the pickle says of it is kept as a record. */
public final class NotUnderstoodException extends CheckpointException {

    private static final long serialVersionUID = 1L;

    /** What is not understood, and why. */
    public NotUnderstoodException(String message) {
        super(message);
    }

    /** None: it is caught where a record is made instead, which may be for every value of a file. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
