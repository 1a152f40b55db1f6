package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Computes the norm of each window, {@code (sum x^p)^(1/p)}: {@code (N, C, D, H, W)} or {@code (C, D, H, W)} to
 * {@code (N, C, D_out, H_out, W_out)}, {@code D_out = floor((D - kernel_size) / stride) + 1}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.LPPool3d.html">torch.nn.LPPool3d</a>
 */
public class LPPool3d extends LPPoolNd {

    /** Creates a pooling over cubic windows that do not overlap. */
    public LPPool3d(Number normType, long kernelSize) {
        this(normType, kernelSize, o -> {});
    }

    /** Creates a pooling over cubic windows. */
    public LPPool3d(Number normType, long kernelSize, Consumer<Options> options) {
        this(normType, new long[] {kernelSize}, options);
    }

    /** Creates a pooling over windows that do not overlap. */
    public LPPool3d(Number normType, long[] kernelSize) {
        this(normType, kernelSize, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param normType the exponent p, which must not be 0; shown as given
     * @param kernelSize the depth, height and width of the windows
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
