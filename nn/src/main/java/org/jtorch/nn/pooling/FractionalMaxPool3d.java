package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * The greatest element of each of windows that stand at random places, so that the result's size may be any part of the
 * input's: {@code (N, C, D, H, W)} or {@code (C, D, H, W)} to {@code (N, C, D_out, H_out, W_out)}.
 *
 * <p>PyTorch's {@code return_indices=True} is a class of its own here, {@link FractionalMaxPool3dWithIndices}.
 *
 * <p>Buffer: {@code _random_samples} (N, C, 3), where it is given.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.FractionalMaxPool3d.html">torch.nn.FractionalMaxPool3d</a>
 * @see <a href="https://arxiv.org/abs/1412.6071">Fractional max-pooling, Graham 2014</a>
 */
public class FractionalMaxPool3d extends FractionalMaxPoolNd {

    /** Over cubic windows. */
    public FractionalMaxPool3d(long kernelSize, Consumer<FractionalMaxPoolOptions> options) {
        this(new long[] {kernelSize}, options);
    }

    /**
     * Creates one with the options that {@code options} sets.
     *
     * @param kernelSize the windows' depth, height and width
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if not just one of output size and ratio is given, or the ratio is not between 0
     *     and 1
     */
    public FractionalMaxPool3d(long[] kernelSize, Consumer<FractionalMaxPoolOptions> options) {
        super(3, kernelSize, options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.fractionalMaxPool3d(x, a.kernelSize, a.outputSize, a.outputRatio, randomSamples);
    }
}
