package org.jtorch.nn.pooling;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * The greatest elements of windows that are chosen so that the result has a given size: {@code (N, C, D, H, W)} or
 * {@code (C, D, H, W)} to {@code (N, C, depth, height, width)}.
 *
 * <p>PyTorch's {@code return_indices=True} is a class of its own here, {@link AdaptiveMaxPool3dWithIndices}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool3d.html">torch.nn.AdaptiveMaxPool3d</a>
 */
public class AdaptiveMaxPool3d extends AdaptiveMaxPoolNd {

    /**
     * To a size.
     *
     * @param outputSize the result's depth, height and width, or one number for all; null: the input's
     */
    public AdaptiveMaxPool3d(@Nullable Number... outputSize) {
        super(3, outputSize);
    }

    @Override
    final Tensor pool(Tensor x, long[] size) {
        return F.adaptiveMaxPool3d(x, size);
    }
}
