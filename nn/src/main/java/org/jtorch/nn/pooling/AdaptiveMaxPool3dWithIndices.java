package org.jtorch.nn.pooling;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.ValuesIndices;
import org.jtorch.nn.functional.F;

/**
 * {@link AdaptiveMaxPool3d} with PyTorch's {@code return_indices=True}: beside the greatest elements, where each stood, its
 * place in the flattened (D, H, W) volume, int64.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool3d.html">torch.nn.AdaptiveMaxPool3d</a>
 */
public class AdaptiveMaxPool3dWithIndices extends AdaptiveMaxPoolNdWithIndices {

    /**
     * To a size.
     *
     * @param outputSize the result's depth, height and width, or one number for all; null: the input's
     */
    public AdaptiveMaxPool3dWithIndices(@Nullable Number... outputSize) {
        super(AdaptiveMaxPool3dWithIndices.class, AdaptiveMaxPool3d.class, 3, outputSize);
    }

    @Override
    final ValuesIndices pool(Tensor x, long[] size) {
        return F.adaptiveMaxPool3dWithIndices(x, size);
    }
}
