package org.jtorch.nn.pooling;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Means of windows that are chosen so that the result has a given size: {@code (N, C, L)} or
 * {@code (C, L)} to {@code (N, C, size)}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool1d.html">torch.nn.AdaptiveAvgPool1d</a>
 */
public class AdaptiveAvgPool1d extends AdaptivePoolNd {

    /**
     * To a size.
     *
     * @param outputSize the result's length; null: the input's
     */
    public AdaptiveAvgPool1d(@Nullable Number... outputSize) {
        super(1, outputSize);
    }

    @Override
    final Tensor pool(Tensor x, long[] size) {
        return F.adaptiveAvgPool1d(x, size);
    }
}
