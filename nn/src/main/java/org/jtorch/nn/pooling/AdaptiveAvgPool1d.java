package org.jtorch.nn.pooling;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Computes the mean of each window. The windows are chosen so that the output has a given size: {@code (N, C, L)} or
 * {@code (C, L)} to {@code (N, C, size)} or {@code (C, size)}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool1d.html">torch.nn.AdaptiveAvgPool1d</a>
 */
public class AdaptiveAvgPool1d extends AdaptivePoolNd {

    /**
     * Creates a pooling to the given size.
     *
     * @param outputSize the length of the output; null for the length of the input
     */
    public AdaptiveAvgPool1d(@Nullable Number... outputSize) {
        super(1, outputSize);
    }

    @Override
    final Tensor pool(Tensor x, long[] size) {
        return F.adaptiveAvgPool1d(x, size);
    }
}
