package org.jtorch.internal;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.util.Set;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.global.torch;

/** Which of the engine's kernels for a product of matrices is the faster on this machine: OpenBLAS's or oneDNN's. */
public final class Kernels {

    /** OpenBLAS's kernels with vectors of 256 bits; it takes them too where it was told to, or does not know the CPU. */
    private static final Set<String> NARROW =
            Set.of("Haswell", "Zen", "Excavator", "Steamroller", "Piledriver", "Sandybridge");

    /** Rows from which oneDNN gains more by wider vectors than it spends on the weight's layout. */
    private static final long ROWS_OVER_NARROW_BLAS = 48;

    /** The same where OpenBLAS's vectors are as wide. */
    private static final long ROWS_OVER_WIDE_BLAS = 128;

    private static final boolean BEATS_BLAS;
    private static final long ROWS;

    static {
        boolean wide = torch.hasMKLDNN() && capability().equals("AVX512");
        BEATS_BLAS = wide && NARROW.contains(blasKernels());
        ROWS = !wide ? Long.MAX_VALUE : BEATS_BLAS ? ROWS_OVER_NARROW_BLAS : ROWS_OVER_WIDE_BLAS;
    }

    private Kernels() {}

    /** Whether oneDNN's vectors are wider than OpenBLAS's. */
    public static boolean oneDnnBeatsBlas() {
        return BEATS_BLAS;
    }

    /** The rows that a large product must have at least for oneDNN to be the faster. */
    public static long oneDnnRows() {
        return ROWS;
    }

    private static String capability() {
        try (BytePointer name = torch.get_cpu_capability()) {
            return name.getString();
        }
    }

    /** What OpenBLAS calls the CPU whose kernels it took; empty where there is no telling. */
    private static String blasKernels() {
        if (!Platform.isLinux()) {
            return "";
        }
        try {
            // loaded already, so that its name is enough
            return NativeLibrary.getInstance("libopenblas_nolapack.so.0")
                    .getFunction("openblas_get_corename")
                    .invokeString(new Object[0], false);
        } catch (UnsatisfiedLinkError e) {
            return "";
        }
    }
}
