package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Computes the greatest element of each window. The windows are at random positions, so that the output may have any fraction
 * of the size of the input: {@code (N, C, D, H, W)} or {@code (C, D, H, W)} to {@code (N, C, D_out, H_out, W_out)} or
 * {@code (C, D_out, H_out, W_out)}.
 *
 * <p>For PyTorch's {@code return_indices=True}, use {@link FractionalMaxPool3dWithIndices}.
 *
 * <p>Buffer: {@code _random_samples} (N, C, 3), if it is given.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.FractionalMaxPool3d.html">torch.nn.FractionalMaxPool3d</a>
 * @see <a href="https://arxiv.org/abs/1412.6071">Fractional max-pooling, Graham 2014</a>
 */
public class FractionalMaxPool3d extends FractionalMaxPoolNd {

    /** Creates a pooling over cubic windows. */
    public FractionalMaxPool3d(long kernelSize, Consumer<FractionalMaxPoolOptions> options) {
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
    public FractionalMaxPool3d(long[] kernelSize, Consumer<FractionalMaxPoolOptions> options) {
        super(3, kernelSize, options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.fractionalMaxPool3d(x, a.kernelSize, a.outputSize, a.outputRatio, randomSamples);
    }
}
