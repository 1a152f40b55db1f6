package org.jtorch.serialize.pickle;

/** How far a pickle may go. Generous for what PyTorch writes, and low enough that none takes the process with it. */
final class Limits {

    /** Values on the stack at once: a tuple's elements stand there together. */
    static final int STACK = 1 << 22;

    /** Values that are remembered. */
    static final int MEMO = 1 << 24;

    /** Containers in containers: Python's own pickler gives up at about half. */
    static final int DEPTH = 1000;

    /** Bytes of an int. */
    static final int INT_BYTES = 1 << 12;

    /** Values inside of a key. */
    static final int KEY = 1000;

    /**
     * How many values the result may have, each counted as often as it is met: a few bytes that refer to each other can
     * stand for more than there are atoms.
     */
    static long expanded(long pickleBytes) {
        return (1L << 24) + 64 * pickleBytes;
    }

    private Limits() {}
}
