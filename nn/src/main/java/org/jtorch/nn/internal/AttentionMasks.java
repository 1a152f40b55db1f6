package org.jtorch.nn.internal;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.nn.F;

/** The masks of attention, in the forms that its functions and layers share. */
public final class AttentionMasks {

    /**
     * A mask for the fused kernels.
     *
     * @param mask as {@code type} says, or null where nothing is masked
     * @param type 1: (N, S), 2: (N, heads, L, S); null without a mask
     */
    public record Merged(@Nullable Tensor mask, @Nullable Long type) {}

    private AttentionMasks() {}

    /**
     * A mask as numbers that are added to the scores: a bool one is minus infinity where it holds, and 0 elsewhere.
     *
     * @param mask bool or floating point, or null
     * @param name what messages call it
     * @param other a mask that should be of the same dtype, else there is a warning; or null
     * @param otherName what the warning calls that
     * @param target the dtype of the result for a bool mask
     * @throws TorchException where the mask is neither bool nor floating point
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
     * Both masks of a self-attention as the fused kernels take them.
     *
     * @param attnMask (L, L) or (N * heads, L, L), or null
     * @param keyPaddingMask (N, L), or null
     * @param query (N, L, E)
     * @param heads how many there are
     */
    public static Merged merge(@Nullable Tensor attnMask, @Nullable Tensor keyPaddingMask, Tensor query, long heads) {
        if (attnMask == null) {
            return new Merged(keyPaddingMask, keyPaddingMask == null ? null : 1L);
        }
        long batch = query.size(0);
        long length = query.size(1);
        Tensor merged = attnMask.dim() == 3
                ? attnMask.view(batch, -1, length, length)
                : attnMask.view(1, 1, length, length).expand(batch, heads, -1, -1);
        if (keyPaddingMask != null) {
            Tensor padding = keyPaddingMask.view(batch, 1, 1, length).expand(-1, heads, -1, -1);
            merged = merged.add(padding);
        }
        return new Merged(merged, 2L);
    }

    /**
     * Minus infinity above the diagonal, 0 on it and below.
     *
     * @param size rows and columns
     * @param device where it is made; null: the processor
     * @param dtype its dtype; null: float32
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
     * Whether a mask is causal: what the hint says, or where there is none, what the mask's values say.
     *
     * @param mask the mask, or null
     * @param hint what the caller says, or null
     * @param size how many positions there are
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

    /** How many positions a sequence has: (L, E), (L, N, E), or batch first (N, L, E). */
    public static long length(Tensor sequence, boolean batchFirst) {
        return sequence.size(sequence.dim() == 3 && batchFirst ? 1 : 0);
    }
}
