package org.jtorch.serialize.internal.file;

import org.jtorch.serialize.format.CheckpointException;

/**
 * Bounds what a pickle's calls copy: a few bytes that name a large value again and again, each time to copy it, would fill the
 * memory before anybody looks at the result.
 */
public final class CopyBudget {

    private static final long FREE = 1 << 20;

    private long left;

    /** A budget for a pickle of {@code pickleBytes} bytes, each of which may be copied some times. */
    public CopyBudget(long pickleBytes) {
        left = FREE + 8 * pickleBytes;
    }

    /** Counts {@code count} elements or bytes that are about to be copied. */
    public void take(long count) {
        left -= count;
        if (left < 0) {
            throw new CheckpointException("the file copies its values again and again, to many times its size");
        }
    }
}
