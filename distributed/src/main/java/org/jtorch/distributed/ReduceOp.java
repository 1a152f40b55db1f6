package org.jtorch.distributed;

import org.jtorch.internal.collectives.GlooGroup.Reduction;

/** How the values of all processes are combined (PyTorch's {@code torch.distributed.ReduceOp}). */
public enum ReduceOp {
    /** The sum. */
    SUM(Reduction.SUM),
    /** The mean, for floating-point values. */
    AVG(Reduction.SUM),
    /** The product. */
    PRODUCT(Reduction.PRODUCT),
    /** The least value. */
    MIN(Reduction.MIN),
    /** The greatest value. */
    MAX(Reduction.MAX),
    /** The bitwise and, for integers. */
    BAND(Reduction.BAND),
    /** The bitwise or, for integers. */
    BOR(Reduction.BOR),
    /** The bitwise exclusive or, for integers. */
    BXOR(Reduction.BXOR);

    private final Reduction reduction;

    ReduceOp(Reduction reduction) {
        this.reduction = reduction;
    }

    /** Returns what the engine computes. For {@link #AVG} the caller divides. */
    Reduction reduction() {
        return reduction;
    }
}
