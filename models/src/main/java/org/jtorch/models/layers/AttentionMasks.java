package org.jtorch.models.layers;

import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;

/** Masks for {@code F.scaledDotProductAttention}: true where a query may look at a key. */
public final class AttentionMasks {

    private AttentionMasks() {}

    /**
     * Returns a mask with which every query looks at the same keys.
     *
     * @param attentionMask (N, S), 1 or true for tokens and 0 or false for padding; null if there is no padding
     * @return (N, 1, 1, S), bool; null for null
     */
    public static @Nullable Tensor bidirectional(@Nullable Tensor attentionMask) {
        return attentionMask == null
                ? null
                : attentionMask.to(DType.BOOL).unsqueeze(1).unsqueeze(1);
    }

    /**
     * Returns what is added to the scores of attention: the bias where a query may look at a key, and minus infinity elsewhere.
     *
     * @param bias (1, heads, S, keys), floating-point
     * @param mask true where a query may look at a key, of a shape that is broadcast with the bias; null if it may always
     * @return of the broadcast shape, with the dtype of the bias
     */
    public static Tensor added(Tensor bias, @Nullable Tensor mask) {
        return mask == null ? bias : Torch.where(mask, bias, Double.NEGATIVE_INFINITY);
    }
}
