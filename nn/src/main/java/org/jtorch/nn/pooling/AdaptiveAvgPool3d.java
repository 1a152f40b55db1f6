package org.jtorch.nn.pooling;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Computes the mean of each window. The windows are chosen so that the output has a given size: {@code (N, C, D, H, W)} or
 * {@code (C, D, H, W)} to {@code (N, C, depth, height, width)} or {@code (C, depth, height, width)}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool3d.html">torch.nn.AdaptiveAvgPool3d</a>
 */
public class AdaptiveAvgPool3d extends AdaptivePoolNd {

    /**
     * Creates a pooling to the given size.
     *
     * @param outputSize the depth, height and width of the output, or one number for all; null for the size of the input
     */
    public AdaptiveAvgPool3d(@Nullable Number... outputSize) {
        super(3, outputSize);
    }

    @Override
    final Tensor pool(Tensor x, long[] size) {
        return F.adaptiveAvgPool3d(x, size);
    }
}
