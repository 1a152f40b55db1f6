package org.jtorch.internal.guards;

import org.bytedeco.pytorch.Tensor;

/** The pivots of a factorisation: row numbers from 1, with which LAPACK swaps rows in memory without looking at them. */
public final class Pivots {

    private Pivots() {}

    /**
     * Refuses pivots that are no row of the matrix.
     *
     * @param factors the factorised matrices, (*, n, n)
     * @param negative whether a pivot may be negative, as in an LDL factorisation, where that marks a block of two rows
     * @throws IllegalArgumentException if there is one
     */
    public static void check(Tensor factors, Tensor pivots, boolean negative) {
        if (pivots.is_meta() || pivots.numel() == 0 || factors.dim() < 2 || pivots.is_complex()) {
            return; // nothing is swapped, or the engine refuses
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
