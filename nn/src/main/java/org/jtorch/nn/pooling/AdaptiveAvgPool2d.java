package org.jtorch.nn.pooling;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Means of windows that are chosen so that the result has a given size: {@code (N, C, H, W)} or
 * {@code (C, H, W)} to {@code (N, C, height, width)}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool2d.html">torch.nn.AdaptiveAvgPool2d</a>
 */
public class AdaptiveAvgPool2d extends AdaptivePoolNd {

    /**
     * To a size.
     *
     * @param outputSize the result's height and width, or one number for both; null: the input's
     */
    public AdaptiveAvgPool2d(@Nullable Number... outputSize) {
        super(2, outputSize);
    }

    @Override
    final Tensor pool(Tensor x, long[] size) {
        return F.adaptiveAvgPool2d(x, size);
    }
}
