package org.jtorch.internal.guards;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Quantized tensors: their dtype and their scale belong together, and a look at their bytes has no scale. */
public final class Quantized {

    private Quantized() {}

    /**
     * Refuses to read the bytes of a quantized tensor as another dtype, or those of another as a quantized one.
     *
     * @throws IllegalArgumentException if it is asked for
     */
    public static void checkView(Tensor self, ScalarType dtype) {
        if (self.is_quantized() || isQuantized(dtype)) {
            throw new IllegalArgumentException(
                    "the bytes of a quantized tensor cannot be viewed as another dtype, nor others as quantized: take"
                            + " int_repr or dequantize");
        }
    }

    private static boolean isQuantized(ScalarType dtype) {
        return switch (dtype.intern()) {
            case QInt8, QUInt8, QInt32, QUInt4x2, QUInt2x4 -> true;
            default -> false;
        };
    }
}
