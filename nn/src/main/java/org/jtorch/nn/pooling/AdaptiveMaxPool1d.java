package org.jtorch.nn.pooling;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * The greatest elements of windows that are chosen so that the result has a given size: {@code (N, C, L)} or
 * {@code (C, L)} to {@code (N, C, size)}.
 *
 * <p>PyTorch's {@code return_indices=True} is a class of its own here, {@link AdaptiveMaxPool1dWithIndices}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool1d.html">torch.nn.AdaptiveMaxPool1d</a>
 */
public class AdaptiveMaxPool1d extends AdaptiveMaxPoolNd {

    /**
     * To a size.
     *
     * @param outputSize the result's length; null: the input's
     */
    public AdaptiveMaxPool1d(@Nullable Number... outputSize) {
        super(1, outputSize);
    }

    @Override
    final Tensor pool(Tensor x, long[] size) {
        return F.adaptiveMaxPool1d(x, size);
    }
}
