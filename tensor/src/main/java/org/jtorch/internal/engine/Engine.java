package org.jtorch.internal.engine;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.StringSupplier;
import org.bytedeco.pytorch.global.torch;

/**
 * Starts libtorch once, lazily, with settings under which its libraries do not fight over the cores.
 *
 * <p>libtorch's own threads are OpenMP's, its matrix products run on OpenBLAS's; both keep spinning after their work is
 * done, each on a core that the other wants. The variables below end the spinning early. The libraries read them from the
 * process environment when they load, so they are set there first; what the user has set stays.
 */
public final class Engine {

    /** From glibc's malloc.h. */
    private static final int M_TRIM_THRESHOLD = -1;

    private static final int M_MMAP_THRESHOLD = -3;

    /**
     * Whether an error of the engine keeps its C++ frames, as the cause of what is thrown (the system property
     * {@code jtorch.cppStackTraces}). Collecting them takes milliseconds for each error.
     */
    public static final boolean CPP_STACK_TRACES = Boolean.getBoolean("jtorch.cppStackTraces");

    static {
        configure();
        keepFreedBlocks();
        Natives.load();
        // the indices of a sparse tensor are used as addresses: they are looked at once, when it is made
        torch.globalContext().setCheckSparseTensorInvariants(true);
        if (!CPP_STACK_TRACES) {
            torch.SetStackTraceFetcher(NoFrames.INSTANCE);
        }
    }

    /** Answers the engine's question for the frames of an error, on any of its threads: never freed, nor what it returns. */
    private static final class NoFrames extends StringSupplier {

        static final NoFrames INSTANCE = new NoFrames();

        private final BytePointer nothing = new BytePointer("");

        @Override
        public BytePointer call() {
            return nothing;
        }
    }

    private Engine() {}

    /** Returns once the natives are loaded. */
    public static void load() {
        // the work is the static initialiser's
    }

    private static void configure() {
        // JavaCPP would otherwise ask the OS for the process's size at every allocation; NativeMemory guards it instead
        if (System.getProperty("org.bytedeco.javacpp.maxPhysicalBytes") == null
                && System.getProperty("org.bytedeco.javacpp.maxphysicalbytes") == null) {
            System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        }
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
