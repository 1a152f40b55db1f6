package org.jtorch.internal;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.global.torch;

/** What the engine's kernels can use of this machine. */
public final class Kernels {

    private static final boolean WIDE_ONE_DNN =
            torch.hasMKLDNN() && capability().equals("AVX512");

    private Kernels() {}

    /** Whether the engine has oneDNN and the processor has vectors of 512 bits for it. */
    public static boolean wideOneDnn() {
        return WIDE_ONE_DNN;
    }

    private static String capability() {
        try (BytePointer name = torch.get_cpu_capability()) {
            return name.getString();
        }
    }
}
