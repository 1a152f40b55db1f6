package org.jtorch.internal.engine;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that are inside of an inference. Between two calls a caller is away for some microseconds only, so that a caller
 * who leaves is remembered for a while. Otherwise the next one would take all cores just before the other comes back.
 */
final class Callers {

    private static final long MEMORY_NANOS = 20_000_000;

    private final AtomicInteger present = new AtomicInteger();
    private volatile int lately = 1;

    /** When {@code lately} callers were present for the last time. */
    private volatile long when;

    /** Adds a caller, and returns how many there are, those included that were there a moment ago. At least 1. */
    int arrive() {
        return arrive(System.nanoTime());
    }

    int arrive(long now) {
        int here = present.incrementAndGet();
        int before = lately;
        if (here >= before || now - when > MEMORY_NANOS) {
            if (here != before) {
                lately = here;
            }
            if (here > 1) {
                when = now;
            }
            return here;
        }
        return before;
    }

    /** Removes a caller, and returns whether no one is left. */
    boolean leave() {
        return present.decrementAndGet() == 0;
    }
}
