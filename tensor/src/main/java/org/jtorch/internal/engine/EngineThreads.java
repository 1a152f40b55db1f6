package org.jtorch.internal.engine;

import com.sun.jna.Function;
import com.sun.jna.Pointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * The number of threads with which the engine computes. It has two thread pools: that of OpenMP, whose size belongs to the
 * calling thread, and that of OpenBLAS, whose size belongs to the process. libtorch only sets the first.
 */
public final class EngineThreads {

    /** {@code openblas_set_num_threads}, or null if the engine's BLAS is another one. */
    private static final @Nullable Function SET_BLAS;

    private static final @Nullable Function GET_BLAS;

    /** OpenMP's own function, whose number belongs to the calling thread only, or null if the engine has another pool. */
    private static final @Nullable Function SET_OPENMP;

    /** The number of a thread that begins now. */
    private static volatile int initial;

    /** The number that is set for OpenBLAS, and the one that it has now, which may be smaller. */
    private static volatile int ownBlas;

    private static int blas;

    /** The greatest number that callers who share the cores allow, and how many callers need a single thread. */
    private static int blasLimit = Integer.MAX_VALUE;

    private static int serialCallers;

    static {
        Engine.load();
        SET_OPENMP = find("omp_set_num_threads");
        SET_BLAS = find("openblas_set_num_threads");
        GET_BLAS = find("openblas_get_num_threads");
        initial = get();
        ownBlas = blas();
        blas = ownBlas;
    }

    private EngineThreads() {}

    private static @Nullable Function find(String symbol) {
        try (org.bytedeco.javacpp.Pointer address = Loader.addressof(symbol)) {
            return address == null ? null : Function.getFunction(new Pointer(address.address()));
        }
    }

    /** Sets the size of both pools. */
    public static synchronized void set(int threads) {
        torch.set_num_threads(threads);
        initial = threads;
        ownBlas = threads;
        blasLimit = Integer.MAX_VALUE;
        adjustBlas();
        CallerThreads.set(threads);
    }

    private static void adjustBlas() {
        int threads = serialCallers > 0 ? 1 : Math.min(blasLimit, ownBlas);
        if (blas != threads) {
            blas = threads;
            if (SET_BLAS != null) {
                SET_BLAS.invokeVoid(new Object[] {threads});
            }
        }
    }

    /** Returns the number of threads that begin now. */
    static int initial() {
        return initial;
    }

    /** Sets the size of the calling thread's pool, and no other. Has no effect if the engine has another pool. */
    static void setHere(int threads) {
        if (SET_OPENMP != null) {
            SET_OPENMP.invokeVoid(new Object[] {threads});
        }
    }

    /** Returns the number that is set for OpenBLAS, which may be in use by fewer threads now. */
    static int ownBlas() {
        return ownBlas;
    }

    /** Makes OpenBLAS use at most this many threads until {@link #unlimitBlas}. */
    static synchronized void limitBlas(int threads) {
        blasLimit = threads;
        adjustBlas();
    }

    /** Makes OpenBLAS use the number again that is set for it. */
    static void unlimitBlas() {
        limitBlas(Integer.MAX_VALUE);
    }

    /** Makes OpenBLAS use one thread until {@link #endSerialBlas}, which the caller must call once. */
    static synchronized void beginSerialBlas() {
        serialCallers++;
        adjustBlas();
    }

    /** Ends what {@link #beginSerialBlas} began. */
    static synchronized void endSerialBlas() {
        serialCallers--;
        adjustBlas();
    }

    /**
     * Makes operations of the calling thread run on this thread only. {@code torch.set_num_threads} cannot do that: its number
     * is also that of threads that begin later.
     */
    public static void alone() {
        torch.get_num_threads(); // sets the default for this thread, which otherwise the first operation would do
        setHere(1);
    }

    /**
     * Runs {@code work}, whose operations run on the calling thread only. Has no effect on a virtual thread, which might end on
     * another native thread than it began, and would leave its number there.
     */
    public static void runAlone(Runnable work) {
        int threads = get();
        if (threads == 1 || Modes.onVirtualThread()) {
            work.run();
            return;
        }
        setHere(1);
        try {
            work.run();
        } finally {
            setHere(threads);
        }
    }

    /** Returns the size of the calling thread's pool. */
    public static int get() {
        return torch.get_num_threads();
    }

    /** Returns the size of the OpenBLAS pool or, if there is none, that of the calling thread's pool. */
    static int blas() {
        return GET_BLAS == null ? get() : GET_BLAS.invokeInt(new Object[0]);
    }
}
