package org.jtorch.nn.pooling;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.ValuesIndices;
import org.jtorch.nn.functional.F;

/**
 * An {@link AdaptiveMaxPool3d} with PyTorch's {@code return_indices=True}: it also returns the index of each greatest element
 * in the flattened (D, H, W) volume, int64.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool3d.html">torch.nn.AdaptiveMaxPool3d</a>
 */
public class AdaptiveMaxPool3dWithIndices extends AdaptiveMaxPoolNdWithIndices {

    /**
     * Creates a pooling to the given size.
     *
     * @param outputSize the depth, height and width of the output, or one number for all; null for the size of the input
     */
    public AdaptiveMaxPool3dWithIndices(@Nullable Number... outputSize) {
        super(AdaptiveMaxPool3dWithIndices.class, AdaptiveMaxPool3d.class, 3, outputSize);
    }

    @Override
    final ValuesIndices pool(Tensor x, long[] size) {
        return F.adaptiveMaxPool3dWithIndices(x, size);
    }
}
