package org.jtorch.serialize.internal.pickle;

import org.jtorch.serialize.format.CheckpointException;

/** Thrown if a pickle continues after the given bytes. */
public final class TruncatedPickleException extends CheckpointException {

    private static final long serialVersionUID = 1L;

    private final long needed;

    TruncatedPickleException(String message, long needed) {
        super(message);
        this.needed = needed;
    }

    /** Returns the least number of bytes of the pickle that is known. */
    public long needed() {
        return needed;
    }
}
