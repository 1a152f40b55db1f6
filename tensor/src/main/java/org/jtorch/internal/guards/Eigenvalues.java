package org.jtorch.internal.guards;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Checks matrices whose eigenvalues are computed. LAPACK writes past its memory if an element is not finite. */
public final class Eigenvalues {

    private Eigenvalues() {}

    /**
     * Refuses matrices with an infinity or a NaN, as the engine does if the eigenvectors are also computed.
     *
     * @throws IllegalArgumentException if an element is not finite
     */
    public static void check(Tensor matrices) {
        if (matrices.is_meta() || matrices.numel() == 0) {
            return;
        }
        try (Tensor finite = torch.isfinite(matrices);
                Tensor all = finite.all()) {
            if (!all.item_bool()) {
                throw new IllegalArgumentException(
                        "torch.linalg.eigvals: input tensor should not contain infs or NaNs.");
            }
        }
    }
}
