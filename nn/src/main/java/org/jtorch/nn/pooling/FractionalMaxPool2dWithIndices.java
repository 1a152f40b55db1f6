package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.ValuesIndices;
import org.jtorch.nn.functional.F;

/**
 * {@link FractionalMaxPool2d} with PyTorch's {@code return_indices=True}: beside the greatest elements, where each stood, its
 * place in the flattened (H, W) plane, int64.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.FractionalMaxPool2d.html">torch.nn.FractionalMaxPool2d</a>
 * @see <a href="https://arxiv.org/abs/1412.6071">Fractional max-pooling, Graham 2014</a>
 */
public class FractionalMaxPool2dWithIndices extends FractionalMaxPoolNdWithIndices {

    /** Over square windows. */
    public FractionalMaxPool2dWithIndices(long kernelSize, Consumer<FractionalMaxPoolOptions> options) {
        this(new long[] {kernelSize}, options);
    }

    /**
     * Creates one with the options that {@code options} sets.
     *
     * @param kernelSize the windows' height and width
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if not just one of output size and ratio is given, or the ratio is not between 0
     *     and 1
     */
    public FractionalMaxPool2dWithIndices(long[] kernelSize, Consumer<FractionalMaxPoolOptions> options) {
        super(FractionalMaxPool2dWithIndices.class, FractionalMaxPool2d.class, 2, kernelSize, options);
    }

    @Override
    protected ValuesIndices forward(Tensor x) {
        return F.fractionalMaxPool2dWithIndices(x, a.kernelSize, a.outputSize, a.outputRatio, randomSamples);
    }
}
