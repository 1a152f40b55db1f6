package org.jtorch.nn.internal;

import java.util.Arrays;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;

/** Visits two tensors of the same shape in pieces, so that computations on them need little memory. */
public final class TensorPieces {

    /** The greatest number of elements in a piece. */
    private static final long PIECE = 1 << 20;

    private TensorPieces() {}

    /** Receives a piece of each tensor. */
    public interface Visitor {

        /** Returns whether to go on. */
        boolean visit(Tensor a, Tensor b);
    }

    /**
     * Visits all pieces in row-major order. Sparse tensors are visited in one piece.
     *
     * @return whether all pieces were visited
     */
    public static boolean visit(Tensor a, Tensor b, Visitor visitor) {
        if (!Arrays.equals(a.shape(), b.shape())) {
            throw new IllegalArgumentException("tensors of the shapes " + Arrays.toString(a.shape()) + " and "
                    + Arrays.toString(b.shape()) + " have no pieces in common");
        }
        if (a.numel() <= PIECE || a.layout() != Layout.STRIDED || b.layout() != Layout.STRIDED) {
            try (TensorScope scope = new TensorScope()) {
                return visitor.visit(a, b);
            }
        }
        long first = a.size(0);
        long rows = Math.max(1, PIECE / (a.numel() / first));
        for (long row = 0; row < first; row += rows) {
            try (TensorScope scope = new TensorScope()) {
                long count = Math.min(rows, first - row);
                boolean single = rows == 1 && a.dim() > 1;
                Tensor x = single ? a.select(0, row) : a.narrow(0, row, count);
                Tensor y = single ? b.select(0, row) : b.narrow(0, row, count);
                if (!visit(x, y, visitor)) {
                    return false;
                }
            }
        }
        return true;
    }
}
