package org.jtorch.internal;

import java.util.EnumSet;
import java.util.Set;
import org.jtorch.DType;
import org.jtorch.Tensor;

/** When the engine copies one tensor's values into another without a question. */
public final class Copying {

    /** The dtypes of which each is copied into each. */
    private static final Set<DType> CONVERTIBLE = EnumSet.of(
            DType.BOOL,
            DType.UINT8,
            DType.INT8,
            DType.INT16,
            DType.INT32,
            DType.INT64,
            DType.FLOAT16,
            DType.BFLOAT16,
            DType.FLOAT32,
            DType.FLOAT64,
            DType.COMPLEX64,
            DType.COMPLEX128);

    private Copying() {}

    /**
     * Whether {@code target.copy_(source)} cannot be refused outside of autograd, given that the sizes are equal. If not, it may
     * still be possible.
     */
    public static boolean isSure(Tensor target, Tensor source) {
        org.bytedeco.pytorch.Tensor to = Handles.of(target);
        return isOrdinary(target)
                && isOrdinary(source)
                // one made in inference mode can be written to in that mode alone
                && !to.is_inference()
                && (to.is_contiguous() || !hasStrideOfZero(to));
    }

    /** Whether it is strided, on a device with memory, and of an everyday dtype. */
    private static boolean isOrdinary(Tensor tensor) {
        org.bytedeco.pytorch.Tensor handle = Handles.of(tensor);
        // sparse tensors, compressed ones and other libraries' have no storage; quantized ones have dtypes of their own
        return handle.has_storage() && !handle.is_nested() && !handle.is_meta() && CONVERTIBLE.contains(tensor.dtype());
    }

    /** In an expanded tensor several elements are one in memory. */
    private static boolean hasStrideOfZero(org.bytedeco.pytorch.Tensor handle) {
        for (int i = 0; i < handle.dim(); i++) {
            if (handle.stride(i) == 0 && handle.size(i) > 1) {
                return true;
            }
        }
        return false;
    }
}
