package org.jtorch.internal;

import org.jtorch.internal.engine.EngineThreads;

/** Makes operations compute on the thread that calls them, and on no other thread of the engine. */
public final class OneThread {

    private OneThread() {}

    /** Makes all operations that the current thread calls from now on compute on this thread only. */
    public static void fromNowOn() {
        EngineThreads.alone();
    }

    /**
     * Runs {@code work}, whose operations compute on the current thread only. This serves work that is so small that the start of the
     * engine's threads would take longer. On a virtual thread they compute as usual.
     */
    public static void run(Runnable work) {
        EngineThreads.runAlone(work);
    }
}
