package org.jtorch.internal;

import org.jtorch.internal.engine.CallerThreads;

/**
 * An inference of the current thread, which computes with its part of the cores as long as it is open. Each thread must close what
 * it opened.
 */
public final class CoreShare implements AutoCloseable {

    private static final CoreShare INSTANCE = new CoreShare();

    private CoreShare() {}

    /** Begins an inference. Within another one it has no effect. */
    public static CoreShare open() {
        CallerThreads.enter();
        return INSTANCE;
    }

    @Override
    public void close() {
        CallerThreads.exit();
    }
}
