package org.jtorch.internal.guards;

import org.bytedeco.pytorch.Tensor;

/** Checks the pivots of a factorization: row numbers, counted from 1. LAPACK swaps rows in memory by them without a check. */
public final class Pivots {

    private Pivots() {}

    /**
     * Refuses pivots that are not rows of the matrix.
     *
     * @param factors the factorized matrices, (*, n, n)
     * @param negative whether a pivot may be negative, as in an LDL factorization, where it marks a block of two rows
     * @throws IllegalArgumentException if a pivot is not a row
     */
    public static void check(Tensor factors, Tensor pivots, boolean negative) {
        if (pivots.is_meta() || pivots.numel() == 0 || factors.dim() < 2 || pivots.is_complex()) {
            return; // nothing is swapped, or the engine refuses this
        }
        long rows = factors.size(-2);
        try (Tensor numbers = negative ? pivots.abs() : pivots.clone()) {
            if (!Within.all(numbers, 1, rows)) {
                throw new IllegalArgumentException(
                        "pivots must be rows of the matrix, within [1, " + rows + "], but have an element that is not");
            }
        }
    }
}
