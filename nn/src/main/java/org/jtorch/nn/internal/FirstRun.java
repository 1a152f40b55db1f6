package org.jtorch.nn.internal;

/**
 * The first run of a checkpointed computation on the current thread. It runs without gradients, and the backward runs it again
 * with gradients. Operations that PyTorch computes differently without gradients must be computed as if there were gradients
 * during this run.
 */
public final class FirstRun implements AutoCloseable {

    private static final ThreadLocal<Integer> DEPTH = ThreadLocal.withInitial(() -> 0);

    /** Begins a first run, which lasts until it is closed. */
    public FirstRun() {
        DEPTH.set(DEPTH.get() + 1);
    }

    /** Returns whether this thread is in one. */
    public static boolean isActive() {
        return DEPTH.get() > 0;
    }

    @Override
    public void close() {
        int outer = DEPTH.get() - 1;
        if (outer == 0) {
            DEPTH.remove();
        } else {
            DEPTH.set(outer);
        }
    }
}
