package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.ValuesIndices;
import org.jtorch.nn.functional.F;

/**
 * A {@link FractionalMaxPool2d} with PyTorch's {@code return_indices=True}: it also returns the index of each greatest element
 * in the flattened (H, W) plane, int64.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.FractionalMaxPool2d.html">torch.nn.FractionalMaxPool2d</a>
 * @see <a href="https://arxiv.org/abs/1412.6071">Fractional max-pooling, Graham 2014</a>
 */
public class FractionalMaxPool2dWithIndices extends FractionalMaxPoolNdWithIndices {

    /** Creates a pooling over square windows. */
    public FractionalMaxPool2dWithIndices(long kernelSize, Consumer<FractionalMaxPoolOptions> options) {
        this(new long[] {kernelSize}, options);
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param kernelSize the height and width of the windows
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if not exactly one of the output size and the output ratio is given, or if the ratio is
     *     not between 0 and 1
     */
    public FractionalMaxPool2dWithIndices(long[] kernelSize, Consumer<FractionalMaxPoolOptions> options) {
        super(FractionalMaxPool2dWithIndices.class, FractionalMaxPool2d.class, 2, kernelSize, options);
    }

    @Override
    protected ValuesIndices forward(Tensor x) {
        return F.fractionalMaxPool2dWithIndices(x, a.kernelSize, a.outputSize, a.outputRatio, randomSamples);
    }
}
