package org.jtorch.nn.pooling;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.ValuesIndices;
import org.jtorch.nn.functional.F;

/**
 * An {@link AdaptiveMaxPool1d} with PyTorch's {@code return_indices=True}: it also returns the index of each greatest element
 * in the input's last dimension, int64.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool1d.html">torch.nn.AdaptiveMaxPool1d</a>
 */
public class AdaptiveMaxPool1dWithIndices extends AdaptiveMaxPoolNdWithIndices {

    /**
     * Creates a pooling to the given size.
     *
     * @param outputSize the length of the output; null for the length of the input
     */
    public AdaptiveMaxPool1dWithIndices(@Nullable Number... outputSize) {
        super(AdaptiveMaxPool1dWithIndices.class, AdaptiveMaxPool1d.class, 1, outputSize);
    }

    @Override
    final ValuesIndices pool(Tensor x, long[] size) {
        return F.adaptiveMaxPool1dWithIndices(x, size);
    }
}
