package org.jtorch;

import org.jspecify.annotations.Nullable;

/**
 * Throwables of Java callbacks on their way through native code, which carries only their text. The callback keeps its
 * throwable aside; whoever called into the engine takes it back as the cause.
 */
final class CallbackFailures {

    private static volatile @Nullable Throwable pending;

    private CallbackFailures() {}

    /** Keeps {@code failure} aside: a backward may run its callbacks on a thread of the engine's. */
    static void keep(Throwable failure) {
        pending = failure;
    }

    /** The throwable kept aside, or else {@code e} itself. */
    static Throwable take(RuntimeException e) {
        Throwable kept = pending;
        if (kept == null) {
            return e;
        }
        pending = null;
        return kept;
    }
}
