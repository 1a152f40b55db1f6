package org.jtorch.nn.internal;

/**
 * The first run of a checkpointed computation on this thread: without gradients now, and with them when the backward runs it again.
 * What PyTorch computes otherwise without gradients is to be computed as with them in it.
 */
public final class FirstRun implements AutoCloseable {

    private static final ThreadLocal<Integer> DEPTH = ThreadLocal.withInitial(() -> 0);

    /** Begins one, until it is closed. */
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
