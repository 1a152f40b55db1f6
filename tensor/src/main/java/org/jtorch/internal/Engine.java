package org.jtorch.internal;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import org.bytedeco.javacpp.Loader;
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

    static {
        configure();
        keepFreedBlocks();
        Loader.load(torch.class);
        // the indices of a sparse tensor are used as addresses: they are looked at once, when it is made
        torch.globalContext().setCheckSparseTensorInvariants(true);
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

    /** libtorch's message without its C++ frames. */
    public static String message(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        int frames = message.indexOf("\nException raised from ");
        return (frames < 0 ? message : message.substring(0, frames)).strip();
    }
}
