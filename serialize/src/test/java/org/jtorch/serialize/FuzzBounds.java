package org.jtorch.serialize;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.jtorch.serialize.format.CheckpointException;

/** The bounds for every input: a result or a {@link CheckpointException}, after at most a second and 256 MiB. */
final class FuzzBounds {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final long MAX_NANOS = 1_000_000_000L;

    private static final long MAX_BYTES = 256L << 20;

    /** What reads the input. */
    interface Reading {
        void run();
    }

    private FuzzBounds() {}

    /**
     * Reads.
     *
     * @return the refusal's text, or null if the input was read
     * @throws AssertionError if that takes the CPU too long, or too much of the heap, and again when it is tried again:
     *     the first reading of all loads classes
     */
    static String read(Reading reading) {
        for (int tries = 1; ; tries++) {
            long bytes = THREADS.getCurrentThreadAllocatedBytes();
            long nanos = THREADS.getCurrentThreadCpuTime();
            String refusal = refusal(reading);
            nanos = THREADS.getCurrentThreadCpuTime() - nanos;
            bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;
            if (nanos <= MAX_NANOS && bytes <= MAX_BYTES) {
                return refusal;
            }
            if (tries == 2) {
                throw new AssertionError("took " + nanos / 1_000_000 + " ms and " + (bytes >> 20) + " MiB");
            }
        }
    }

    private static String refusal(Reading reading) {
        try {
            reading.run();
            return null;
        } catch (CheckpointException e) {
            if (e.getMessage() == null || e.getMessage().isBlank()) {
                throw new AssertionError("a refusal without a reason", e);
            }
            return e.getMessage();
        }
    }
}
