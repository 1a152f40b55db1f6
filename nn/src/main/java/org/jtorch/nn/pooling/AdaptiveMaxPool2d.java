package org.jtorch.nn.pooling;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * The greatest elements of windows that are chosen so that the result has a given size: {@code (N, C, H, W)} or
 * {@code (C, H, W)} to {@code (N, C, height, width)}.
 *
 * <p>PyTorch's {@code return_indices=True} is a class of its own here, {@link AdaptiveMaxPool2dWithIndices}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool2d.html">torch.nn.AdaptiveMaxPool2d</a>
 */
public class AdaptiveMaxPool2d extends AdaptiveMaxPoolNd {

    /**
     * To a size.
     *
     * @param outputSize the result's height and width, or one number for both; null: the input's
     */
    public AdaptiveMaxPool2d(@Nullable Number... outputSize) {
        super(2, outputSize);
    }

    @Override
    final Tensor pool(Tensor x, long[] size) {
        return F.adaptiveMaxPool2d(x, size);
    }
}
