package org.jtorch.internal.engine;

/** The number of OpenBLAS's threads, for tests. */
public final class BlasThreads {

    private BlasThreads() {}

    /** Returns the number that OpenBLAS has now. */
    public static int get() {
        return EngineThreads.blas();
    }
}
