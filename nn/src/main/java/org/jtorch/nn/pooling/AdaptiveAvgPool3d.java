package org.jtorch.nn.pooling;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Means of windows that are chosen so that the result has a given size: {@code (N, C, D, H, W)} or
 * {@code (C, D, H, W)} to {@code (N, C, depth, height, width)}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool3d.html">torch.nn.AdaptiveAvgPool3d</a>
 */
public class AdaptiveAvgPool3d extends AdaptivePoolNd {

    /**
     * To a size.
     *
     * @param outputSize the result's depth, height and width, or one number for all; null: the input's
     */
    public AdaptiveAvgPool3d(@Nullable Number... outputSize) {
        super(3, outputSize);
    }

    @Override
    final Tensor pool(Tensor x, long[] size) {
        return F.adaptiveAvgPool3d(x, size);
    }
}
