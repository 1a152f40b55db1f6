package org.jtorch.nn.pooling;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Computes the greatest element of each window. The windows are chosen so that the output has a given size: {@code (N, C, L)}
 * or {@code (C, L)} to {@code (N, C, size)} or {@code (C, size)}.
 *
 * <p>For PyTorch's {@code return_indices=True}, use {@link AdaptiveMaxPool1dWithIndices}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool1d.html">torch.nn.AdaptiveMaxPool1d</a>
 */
public class AdaptiveMaxPool1d extends AdaptiveMaxPoolNd {

    /**
     * Creates a pooling to the given size.
     *
     * @param outputSize the length of the output; null for the length of the input
     */
    public AdaptiveMaxPool1d(@Nullable Number... outputSize) {
        super(1, outputSize);
    }

    @Override
    final Tensor pool(Tensor x, long[] size) {
        return F.adaptiveMaxPool1d(x, size);
    }
}
