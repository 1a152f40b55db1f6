package org.jtorch.internal;

import java.util.EnumSet;
import java.util.Set;
import org.jtorch.DType;
import org.jtorch.Tensor;

/** Determines when the engine copies the values of one tensor to another without further conditions. */
public final class Copying {

    /** The dtypes that can all be converted to each other. */
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
     * Returns whether {@code target.copy_(source)} certainly succeeds outside of autograd, given that the sizes are equal.
     * If this method returns false, the copy may still succeed.
     */
    public static boolean isSure(Tensor target, Tensor source) {
        org.bytedeco.pytorch.Tensor to = Handles.of(target);
        return isOrdinary(target)
                && isOrdinary(source)
                // a tensor made in inference mode can only be written to in that mode
                && !to.is_inference()
                && (to.is_contiguous() || !hasStrideOfZero(to));
    }

    /** Returns whether a tensor is strided, on a device with memory, and of a common dtype. */
    private static boolean isOrdinary(Tensor tensor) {
        org.bytedeco.pytorch.Tensor handle = Handles.of(tensor);
        // sparse and compressed tensors and those of other libraries have no storage, and quantized tensors have
        // their own dtypes
        return handle.has_storage() && !handle.is_nested() && !handle.is_meta() && CONVERTIBLE.contains(tensor.dtype());
    }

    /** Returns whether a tensor is expanded, so that several elements share memory. */
    private static boolean hasStrideOfZero(org.bytedeco.pytorch.Tensor handle) {
        for (int i = 0; i < handle.dim(); i++) {
            if (handle.stride(i) == 0 && handle.size(i) > 1) {
                return true;
            }
        }
        return false;
    }
}
