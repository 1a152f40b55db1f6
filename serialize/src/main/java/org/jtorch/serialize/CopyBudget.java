package org.jtorch.serialize;

/**
 * Bounds what a pickle's calls copy: a few bytes that name a large value again and again, each time to copy it, would fill the
 * memory before anybody looks at the result.
 */
final class CopyBudget {

    private static final long FREE = 1 << 20;

    private long left;

    /** A budget for a pickle of {@code pickleBytes} bytes, each of which may be copied some times. */
    CopyBudget(long pickleBytes) {
        left = FREE + 8 * pickleBytes;
    }

    /** Counts {@code count} elements or bytes that are about to be copied. */
    void take(long count) {
        left -= count;
        if (left < 0) {
            throw new CheckpointException("the file copies its values again and again, to many times its size");
        }
    }
}
