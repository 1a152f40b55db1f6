package org.jtorch.internal.engine;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.StringSupplier;
import org.bytedeco.pytorch.global.torch;

/** Starts libtorch once, on first use, with the {@link ProcessSettings settings} that it needs. */
public final class Engine {

    /**
     * Whether an error of the engine keeps its C++ frames, as the cause of the exception (the system property {@code
     * jtorch.cppStackTraces}; the default is false). Collecting them takes milliseconds for each error.
     */
    public static final boolean CPP_STACK_TRACES = Boolean.getBoolean("jtorch.cppStackTraces");

    static {
        ProcessSettings.beforeNativesLoad();
        Natives.load();
        // the engine uses the indices of a sparse tensor as addresses, so it must check them when the tensor is created
        torch.globalContext().setCheckSparseTensorInvariants(ProcessSettings.checksSparseTensors());
        if (!CPP_STACK_TRACES) {
            torch.SetStackTraceFetcher(NoFrames.INSTANCE);
        }
    }

    /**
     * Replaces the engine's collection of C++ frames, on any of its threads. Neither this object nor its result is ever
     * freed.
     */
    private static final class NoFrames extends StringSupplier {

        static final NoFrames INSTANCE = new NoFrames();

        private final BytePointer nothing = new BytePointer("");

        @Override
        public BytePointer call() {
            return nothing;
        }
    }

    private Engine() {}

    /** Returns after the native libraries were loaded. */
    public static void load() {
        // the static initializer loads them
    }
}
