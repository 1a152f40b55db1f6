package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * The norm of each window, {@code (sum x^p)^(1/p)}: {@code (N, C, D, H, W)} or {@code (C, D, H, W)} to
 * {@code (N, C, D_out, H_out, W_out)}, {@code D_out = floor((D - kernel_size) / stride) + 1}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.LPPool3d.html">torch.nn.LPPool3d</a>
 */
public class LPPool3d extends LPPoolNd {

    /** Over cubic windows that do not overlap. */
    public LPPool3d(Number normType, long kernelSize) {
        this(normType, kernelSize, o -> {});
    }

    /** Over cubic windows. */
    public LPPool3d(Number normType, long kernelSize, Consumer<Options> options) {
        this(normType, new long[] {kernelSize}, options);
    }

    /** Over windows that do not overlap. */
    public LPPool3d(Number normType, long[] kernelSize) {
        this(normType, kernelSize, o -> {});
    }

    /**
     * Creates one with the options that {@code options} sets.
     *
     * @param normType which norm, not 0; shown as it is given
     * @param kernelSize the windows' depth, height and width
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if {@code normType} is 0
     */
    public LPPool3d(Number normType, long[] kernelSize, Consumer<Options> options) {
        super(3, normType, kernelSize, options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.lpPool3d(x, normType, kernelSize, stride, ceilMode);
    }
}
