package org.jtorch.nn.pooling;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.ValuesIndices;
import org.jtorch.nn.functional.F;

/**
 * {@link AdaptiveMaxPool1d} with PyTorch's {@code return_indices=True}: beside the greatest elements, where each stood, its
 * place in the line, int64.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool1d.html">torch.nn.AdaptiveMaxPool1d</a>
 */
public class AdaptiveMaxPool1dWithIndices extends AdaptiveMaxPoolNdWithIndices {

    /**
     * To a size.
     *
     * @param outputSize the result's length; null: the input's
     */
    public AdaptiveMaxPool1dWithIndices(@Nullable Number... outputSize) {
        super(AdaptiveMaxPool1dWithIndices.class, AdaptiveMaxPool1d.class, 1, outputSize);
    }

    @Override
    final ValuesIndices pool(Tensor x, long[] size) {
        return F.adaptiveMaxPool1dWithIndices(x, size);
    }
}
