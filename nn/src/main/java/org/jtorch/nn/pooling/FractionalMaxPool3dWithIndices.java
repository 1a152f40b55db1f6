package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.ValuesIndices;
import org.jtorch.nn.functional.F;

/**
 * A {@link FractionalMaxPool3d} with PyTorch's {@code return_indices=True}: it also returns the index of each greatest element
 * in the flattened (D, H, W) volume, int64.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.FractionalMaxPool3d.html">torch.nn.FractionalMaxPool3d</a>
 * @see <a href="https://arxiv.org/abs/1412.6071">Fractional max-pooling, Graham 2014</a>
 */
public class FractionalMaxPool3dWithIndices extends FractionalMaxPoolNdWithIndices {

    /** Creates a pooling over cubic windows. */
    public FractionalMaxPool3dWithIndices(long kernelSize, Consumer<FractionalMaxPoolOptions> options) {
        this(new long[] {kernelSize}, options);
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param kernelSize the depth, height and width of the windows
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if not exactly one of the output size and the output ratio is given, or if the ratio is
     *     not between 0 and 1
     */
    public FractionalMaxPool3dWithIndices(long[] kernelSize, Consumer<FractionalMaxPoolOptions> options) {
        super(FractionalMaxPool3dWithIndices.class, FractionalMaxPool3d.class, 3, kernelSize, options);
    }

    @Override
    protected ValuesIndices forward(Tensor x) {
        return F.fractionalMaxPool3dWithIndices(x, a.kernelSize, a.outputSize, a.outputRatio, randomSamples);
    }
}
