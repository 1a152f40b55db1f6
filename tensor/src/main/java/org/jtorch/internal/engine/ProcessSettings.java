package org.jtorch.internal.engine;

import com.sun.jna.Function;
import com.sun.jna.Platform;

/**
 * All settings that jtorch makes for the whole process. Each setting has a system property that switches it off, and does
 * not change what the user has set. The page {@code docs/process-settings.md} lists the settings and their reasons.
 */
public final class ProcessSettings {

    /** From glibc's malloc.h. */
    private static final int M_TRIM_THRESHOLD = -1;

    private static final int M_MMAP_THRESHOLD = -3;

    private static final String PREFIX = "jtorch.process.";

    private ProcessSettings() {}

    /** Sets what the native libraries read when they are loaded. */
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

    /** Returns whether {@code System.gc()} is called if much native memory may be garbage. */
    public static boolean collectsGarbage() {
        return isOn("gc");
    }

    /** Returns whether the engine checks the indices of each sparse tensor when it is created. */
    static boolean checksSparseTensors() {
        return isOn("sparse");
    }

    /**
     * Returns whether the engine runs TorchScript as it is written. Otherwise it observes the first runs and changes the program
     * after them, so that the results of the first runs differ from those of the later ones.
     */
    public static boolean runsScriptsAsWritten() {
        return isOn("script");
    }

    /** Returns whether threads that call at the same time share the cores. */
    static boolean sharesCores() {
        return isOn("cores");
    }

    /** Returns whether OpenBLAS has one thread while kernels run that call it from several. */
    static boolean makesBlasSerial() {
        return isOn("blas");
    }

    /** Returns whether inference leaves the cores alone that other processes keep busy. */
    static boolean observesLoad() {
        return isOn("load");
    }

    /** Returns whether the lines are dropped that the engine prints by itself when processes are connected. */
    static boolean hidesMessages() {
        return isOn("messages");
    }

    /** Sets from which level on the engine logs, unless the user has set it, and returns whether it was set. */
    static boolean setLogLevel(String level) {
        if (System.getenv("TORCH_CPP_LOG_LEVEL") != null) {
            return false;
        }
        setenv("TORCH_CPP_LOG_LEVEL", level);
        return true;
    }

    private static boolean isOn(String setting) {
        return !"false".equalsIgnoreCase(System.getProperty(PREFIX + setting));
    }

    /** Without this, JavaCPP asks the system for the size of the process at every allocation. */
    private static void noLookAtMemory() {
        if (System.getProperty("org.bytedeco.javacpp.maxPhysicalBytes") == null
                && System.getProperty("org.bytedeco.javacpp.maxphysicalbytes") == null) {
            System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        }
    }

    /**
     * Makes idle threads release their cores. libtorch's own operations run on OpenMP's threads, and its matrix products on
     * OpenBLAS's. After their work, both keep spinning on cores that the others need.
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
     * Makes glibc keep freed blocks for the next step. Otherwise it would return them to the system at the end of each
     * scope, and request them again page by page. The two thresholds are those that glibc itself uses after a block of 32
     * MiB was freed.
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
            return; // the C library does not have it
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
