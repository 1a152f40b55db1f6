package org.jtorch.internal.engine;

import com.sun.jna.Function;
import com.sun.jna.Platform;

/**
 * What jtorch sets for the whole process, all of it. Each setting has a system property that switches it off, and leaves alone
 * what the user has set. The page {@code docs/process-settings.md} lists them with their reasons.
 */
public final class ProcessSettings {

    /** From glibc's malloc.h. */
    private static final int M_TRIM_THRESHOLD = -1;

    private static final int M_MMAP_THRESHOLD = -3;

    private static final String PREFIX = "jtorch.process.";

    private ProcessSettings() {}

    /** Sets what the native libraries read when they load. */
    static void beforeNativesLoad() {
        if (isOn("javacpp")) {
            noLookAtMemory();
        }
        if (isOn("environment")) {
            endSpinningEarly();
        }
        if (isOn("malloc")) {
            keepFreedBlocks();
        }
    }

    /** Whether native memory that may be garbage is reason to call {@code System.gc()}. */
    public static boolean collectsGarbage() {
        return isOn("gc");
    }

    /** Whether the engine looks at the indices of each sparse tensor when it is made. */
    static boolean checksSparseTensors() {
        return isOn("sparse");
    }

    private static boolean isOn(String setting) {
        return !"false".equalsIgnoreCase(System.getProperty(PREFIX + setting));
    }

    /** JavaCPP would otherwise ask the system for the size of the process at every allocation. */
    private static void noLookAtMemory() {
        if (System.getProperty("org.bytedeco.javacpp.maxPhysicalBytes") == null
                && System.getProperty("org.bytedeco.javacpp.maxphysicalbytes") == null) {
            System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        }
    }

    /**
     * libtorch's own threads are OpenMP's, and its matrix products run on OpenBLAS's. Both keep spinning after their work is done,
     * each on a core that the other wants.
     */
    private static void endSpinningEarly() {
        if (System.getenv("OMP_WAIT_POLICY") == null && System.getenv("GOMP_SPINCOUNT") == null) {
            setenv("GOMP_SPINCOUNT", "10000");
        }
        if (System.getenv("OPENBLAS_THREAD_TIMEOUT") == null) {
            setenv("OPENBLAS_THREAD_TIMEOUT", "14");
        }
    }

    /**
     * Lets glibc keep freed blocks for the next step instead of handing them back to the system at each end of a scope, to be
     * asked for again, page by page. The two thresholds are those to which glibc raises them itself, once a block of 32 MiB
     * has been freed.
     */
    private static void keepFreedBlocks() {
        if (!Platform.isLinux()
                || System.getenv("MALLOC_TRIM_THRESHOLD_") != null
                || System.getenv("MALLOC_MMAP_THRESHOLD_") != null
                || String.valueOf(System.getenv("GLIBC_TUNABLES")).contains("malloc")) {
            return;
        }
        Function mallopt;
        try {
            mallopt = Function.getFunction("c", "mallopt");
        } catch (UnsatisfiedLinkError e) {
            return; // a C library without it
        }
        mallopt.invokeInt(new Object[] {M_MMAP_THRESHOLD, 32 << 20});
        mallopt.invokeInt(new Object[] {M_TRIM_THRESHOLD, 64 << 20});
    }

    private static void setenv(String name, String value) {
        if (Platform.isWindows()) {
            Function.getFunction("ucrtbase", "_putenv_s").invokeInt(new Object[] {name, value});
        } else {
            Function.getFunction("c", "setenv").invokeInt(new Object[] {name, value, 0});
        }
    }
}
