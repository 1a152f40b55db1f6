package org.jtorch.internal;

import org.jtorch.internal.engine.EngineThreads;

/** Work that is too small for several engine threads, whose start would take longer than the work. */
public final class OneThread {

    private OneThread() {}

    /** Runs {@code work}, whose operators compute on the current thread only. On a virtual thread they compute as usual. */
    public static void run(Runnable work) {
        EngineThreads.runAlone(work);
    }
}
