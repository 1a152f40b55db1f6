package org.jtorch.serialize.internal.file;

import org.jtorch.serialize.format.CheckpointException;

/**
 * Limits what the calls of a pickle copy. Otherwise a few bytes that name a large value repeatedly, and copy it each time,
 * could fill the memory.
 */
public final class CopyBudget {

    private static final long FREE = 1 << 20;

    private long left;

    /** Creates a budget for a pickle of {@code pickleBytes} bytes, each of which may be copied several times. */
    public CopyBudget(long pickleBytes) {
        left = FREE + 8 * pickleBytes;
    }

    /** Counts {@code count} elements or bytes that will be copied. */
    public void take(long count) {
        left -= count;
        if (left < 0) {
            throw new CheckpointException("the file copies its values repeatedly, to many times its size");
        }
    }
}
