package org.jtorch.nn.functional;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.internal.text.Warnings;

/** Conversions and checks of attention masks that functions and layers share. */
public final class AttentionMasks {

    private AttentionMasks() {}

    /**
     * Returns a mask as numbers that are added to the scores. For a bool mask, they are minus infinity if it is true, and
     * otherwise 0.
     *
     * @param mask a bool or floating-point mask, or null
     * @param name the name of the mask in messages
     * @param other a mask that should have the same dtype, otherwise a warning is logged; or null
     * @param otherName the name of {@code other} in the warning
     * @param target the dtype of the result for a bool mask
     * @throws TorchException if the mask is neither bool nor floating-point
     */
    public static @Nullable Tensor canonical(
            @Nullable Tensor mask, String name, @Nullable Tensor other, String otherName, DType target) {
        if (mask == null) {
            return null;
        }
        boolean floating = mask.isFloatingPoint();
        if (mask.dtype() != DType.BOOL && !floating) {
            throw new TorchException(
                    "only bool and floating types of " + name + " are supported, but it is " + mask.dtype());
        }
        if (other != null && other.dtype() != mask.dtype()) {
            Warnings.once(
                    F.class,
                    "Support for mismatched " + name + " and " + otherName
                            + " is deprecated. Use same type for both instead.");
        }
        return floating
                ? mask
                : Torch.zerosLike(mask, TensorOptions.of(target).device(mask.device()))
                        .maskedFill_(mask, Double.NEGATIVE_INFINITY);
    }

    /**
     * Returns the causal mask: minus infinity above the diagonal, and 0 elsewhere.
     *
     * @param size the number of rows and of columns
     * @param device the device of the mask; null for the CPU
     * @param dtype the dtype of the mask; null for float32
     */
    public static Tensor causal(long size, @Nullable Device device, @Nullable DType dtype) {
        TensorOptions made = TensorOptions.of(dtype == null ? DType.FLOAT32 : dtype);
        if (device != null) {
            made = made.device(device);
        }
        return Torch.full(new long[] {size, size}, Double.NEGATIVE_INFINITY, made)
                .triu(1);
    }

    /**
     * Returns whether a mask is causal: the hint if there is one, otherwise determined from the values of the mask.
     *
     * @param mask the mask, or null
     * @param hint the hint of the caller, or null
     * @param size the number of positions
     */
    public static boolean isCausal(@Nullable Tensor mask, @Nullable Boolean hint, long size) {
        if (hint != null || mask == null) {
            return Boolean.TRUE.equals(hint);
        }
        if (!Arrays.equals(mask.shape(), new long[] {size, size})) {
            return false;
        }
        return mask.equal(causal(size, mask.device(), mask.dtype()));
    }

    /** Returns the length of a sequence (L, E), (L, N, E) or, if batch first, (N, L, E). */
    public static long length(Tensor sequence, boolean batchFirst) {
        return sequence.size(sequence.dim() == 3 && batchFirst ? 1 : 0);
    }
}
