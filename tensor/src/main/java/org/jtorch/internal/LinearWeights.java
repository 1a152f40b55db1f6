package org.jtorch.internal;

import java.util.Locale;
import org.bytedeco.pytorch.global.torch;

/**
 * Determines in which order oneDNN's linear maps should find their constant weights.
 *
 * <p>With AVX-512, oneDNN has one kernel that is the quickest, and it reads packed weights. With AVX2 it has two: one for packed weights,
 * which takes up to 1.7 times less time for a few rows, and one for plain weights, which takes up to 1.25 times less for many rows.
 */
public final class LinearWeights {

    /** With AVX2, the number of rows up to which the kernel for packed weights is the quicker one. */
    private static final long FEW_ROWS = 64;

    private LinearWeights() {}

    /** Returns whether a map of that many rows is quicker with packed weights on this processor. */
    public static boolean shouldBePacked(long rows) {
        return shouldBePacked(rows, Processor.CAPABILITY);
    }

    static boolean shouldBePacked(long rows, String capability) {
        return rows <= FEW_ROWS || !capability.equals("AVX2");
    }

    private static final class Processor {
        /** What the engine uses of the processor, such as "AVX2", "AVX512" or "DEFAULT". */
        static final String CAPABILITY = torch.get_cpu_capability().getString().toUpperCase(Locale.ROOT);
    }
}
