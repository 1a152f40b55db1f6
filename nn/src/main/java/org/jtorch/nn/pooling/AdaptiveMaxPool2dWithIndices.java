package org.jtorch.nn.pooling;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.ValuesIndices;
import org.jtorch.nn.functional.F;

/**
 * An {@link AdaptiveMaxPool2d} with PyTorch's {@code return_indices=True}: it also returns the index of each greatest element
 * in the flattened (H, W) plane, int64.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool2d.html">torch.nn.AdaptiveMaxPool2d</a>
 */
public class AdaptiveMaxPool2dWithIndices extends AdaptiveMaxPoolNdWithIndices {

    /**
     * Creates a pooling to the given size.
     *
     * @param outputSize the height and width of the output, or one number for both; null for the size of the input
     */
    public AdaptiveMaxPool2dWithIndices(@Nullable Number... outputSize) {
        super(AdaptiveMaxPool2dWithIndices.class, AdaptiveMaxPool2d.class, 2, outputSize);
    }

    @Override
    final ValuesIndices pool(Tensor x, long[] size) {
        return F.adaptiveMaxPool2dWithIndices(x, size);
    }
}
