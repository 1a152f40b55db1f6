package org.jtorch.nn.pooling;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Computes the greatest element of each window. The windows are chosen so that the output has a given size:
 * {@code (N, C, H, W)} or {@code (C, H, W)} to {@code (N, C, height, width)} or {@code (C, height, width)}.
 *
 * <p>For PyTorch's {@code return_indices=True}, use {@link AdaptiveMaxPool2dWithIndices}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool2d.html">torch.nn.AdaptiveMaxPool2d</a>
 */
public class AdaptiveMaxPool2d extends AdaptiveMaxPoolNd {

    /**
     * Creates a pooling to the given size.
     *
     * @param outputSize the height and width of the output, or one number for both; null for the size of the input
     */
    public AdaptiveMaxPool2d(@Nullable Number... outputSize) {
        super(2, outputSize);
    }

    @Override
    final Tensor pool(Tensor x, long[] size) {
        return F.adaptiveMaxPool2d(x, size);
    }
}
