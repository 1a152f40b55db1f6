package org.jtorch.internal.engine;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.StringSupplier;
import org.bytedeco.pytorch.global.torch;

/** Starts libtorch once, when it is first needed, with the {@link ProcessSettings settings} under which it works well. */
public final class Engine {

    /**
     * Whether an error of the engine keeps its C++ frames, as the cause of what is thrown (the system property
     * {@code jtorch.cppStackTraces}). Collecting them takes milliseconds for each error.
     */
    public static final boolean CPP_STACK_TRACES = Boolean.getBoolean("jtorch.cppStackTraces");

    static {
        ProcessSettings.beforeNativesLoad();
        Natives.load();
        // the indices of a sparse tensor are used as addresses: they are looked at once, when it is made
        torch.globalContext().setCheckSparseTensorInvariants(ProcessSettings.checksSparseTensors());
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
}
