package org.jtorch.internal.engine;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/**
 * The lines that the engine prints by itself when processes are connected. What is worth knowing of them is in the exceptions. The setting
 * {@code messages} of {@link ProcessSettings} lets them be printed.
 */
public final class EngineMessages {

    /** A flag of C++'s streams: after it is set, nothing is written. */
    private static final int BAD = 1;

    private EngineMessages() {}

    /** Switches off what the engine logs about connections to the standard error stream. */
    public static void quietLog() {
        if (ProcessSettings.hidesMessages() && ProcessSettings.setLogLevel("FATAL")) {
            torch.initLogging();
        }
    }

    /** Calls {@code connect}, during which Gloo prints a line to the standard output stream, which is dropped. */
    public static <T> T withoutOutput(Supplier<T> connect) {
        if (!ProcessSettings.hidesMessages() || !Platform.isLinux()) {
            return connect.get();
        }
        synchronized (EngineMessages.class) {
            setState(BAD);
        }
        try {
            return connect.get();
        } finally {
            synchronized (EngineMessages.class) {
                setState(0);
            }
        }
    }

    /** Calls {@code std::cout.clear(state)}. */
    private static void setState(int state) {
        NativeLibrary engine = NativeLibrary.getInstance(Loader.load(torch.class));
        Pointer out;
        com.sun.jna.Function clear;
        try {
            out = engine.getGlobalVariableAddress("_ZSt4cout");
            clear = engine.getFunction("_ZNSt9basic_iosIcSt11char_traitsIcEE5clearESt12_Ios_Iostate");
        } catch (UnsatisfiedLinkError e) {
            return; // another C++ library, whose line is printed
        }
        // the state is in a base class, whose offset stands before the table of virtual functions
        long offset = out.getPointer(0).getLong(-3L * Long.BYTES);
        clear.invokeVoid(new Object[] {out.share(offset), state});
    }
}
