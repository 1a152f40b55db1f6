package org.jtorch.serialize.internal.pickle;

import org.jtorch.serialize.format.CheckpointException;

/** A pickle goes on after the bytes that were given. */
public final class TruncatedPickleException extends CheckpointException {

    private static final long serialVersionUID = 1L;

    private final long needed;

    TruncatedPickleException(String message, long needed) {
        super(message);
        this.needed = needed;
    }

    /** How many bytes it has at least, as far as it was read. */
    public long needed() {
        return needed;
    }
}
