package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Computes the norm of each window, {@code (sum x^p)^(1/p)}: {@code (N, C, H, W)} or {@code (C, H, W)} to
 * {@code (N, C, H_out, W_out)}, {@code H_out = floor((H - kernel_size) / stride) + 1}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.LPPool2d.html">torch.nn.LPPool2d</a>
 */
public class LPPool2d extends LPPoolNd {

    /** Creates a pooling over square windows that do not overlap. */
    public LPPool2d(Number normType, long kernelSize) {
        this(normType, kernelSize, o -> {});
    }

    /** Creates a pooling over square windows. */
    public LPPool2d(Number normType, long kernelSize, Consumer<Options> options) {
        this(normType, new long[] {kernelSize}, options);
    }

    /** Creates a pooling over windows that do not overlap. */
    public LPPool2d(Number normType, long[] kernelSize) {
        this(normType, kernelSize, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param normType the exponent p, which must not be 0; shown as given
     * @param kernelSize the height and width of the windows
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if {@code normType} is 0
     */
    public LPPool2d(Number normType, long[] kernelSize, Consumer<Options> options) {
        super(2, normType, kernelSize, options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.lpPool2d(x, normType, kernelSize, stride, ceilMode);
    }
}
