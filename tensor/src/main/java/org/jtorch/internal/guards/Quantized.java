package org.jtorch.internal.guards;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Checks views of quantized tensors. Their dtype belongs to their scale, which a view of the bytes does not have. */
public final class Quantized {

    private Quantized() {}

    /**
     * Refuses to view the bytes of a quantized tensor as another dtype, or those of another tensor as a quantized dtype.
     *
     * @throws IllegalArgumentException if one of the two dtypes is quantized
     */
    public static void checkView(Tensor self, ScalarType dtype) {
        if (self.is_quantized() || isQuantized(dtype)) {
            throw new IllegalArgumentException(
                    "the bytes of a quantized tensor cannot be viewed as another dtype, or others as quantized: use"
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
