package org.jtorch.internal.guards;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Checks the degrees of orthogonal polynomials. The engine computes one step for each degree. */
public final class Polynomials {

    private static final long GREATEST = 1L << 16;

    private Polynomials() {}

    /**
     * Refuses a degree greater than 2^16.
     *
     * @throws IllegalArgumentException if the degree is greater
     */
    public static void check(Number n) {
        if (n.doubleValue() > GREATEST) {
            throw tooGreat();
        }
    }

    /** Checks a degree for each element, as {@link #check(Number)}. */
    public static void check(Tensor n) {
        if (n.is_meta() || n.is_complex() || n.numel() == 0) {
            return; // nothing is computed, or the engine refuses this
        }
        try (Scalar bound = new Scalar(GREATEST);
                Tensor greater = torch.gt(n, bound);
                Tensor any = greater.any()) {
            if (any.item_bool()) {
                throw tooGreat();
            }
        }
    }

    private static IllegalArgumentException tooGreat() {
        return new IllegalArgumentException("the degree of a polynomial must not exceed " + GREATEST);
    }
}
