package org.jtorch.nn.pooling;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Computes the greatest element of each window. The windows are chosen so that the output has a given size:
 * {@code (N, C, D, H, W)} or {@code (C, D, H, W)} to {@code (N, C, depth, height, width)} or {@code (C, depth, height, width)}.
 *
 * <p>For PyTorch's {@code return_indices=True}, use {@link AdaptiveMaxPool3dWithIndices}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool3d.html">torch.nn.AdaptiveMaxPool3d</a>
 */
public class AdaptiveMaxPool3d extends AdaptiveMaxPoolNd {

    /**
     * Creates a pooling to the given size.
     *
     * @param outputSize the depth, height and width of the output, or one number for all; null for the size of the input
     */
    public AdaptiveMaxPool3d(@Nullable Number... outputSize) {
        super(3, outputSize);
    }

    @Override
    final Tensor pool(Tensor x, long[] size) {
        return F.adaptiveMaxPool3d(x, size);
    }
}
