package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * The norm of each window, {@code (sum x^p)^(1/p)}: {@code (N, C, L)} or {@code (C, L)} to
 * {@code (N, C, L_out)}, {@code L_out = floor((L - kernel_size) / stride) + 1}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.LPPool1d.html">torch.nn.LPPool1d</a>
 */
public class LPPool1d extends LPPoolNd {

    /** Over windows that do not overlap. */
    public LPPool1d(Number normType, long kernelSize) {
        this(normType, kernelSize, o -> {});
    }

    /** Over windows. */
    public LPPool1d(Number normType, long kernelSize, Consumer<Options> options) {
        this(normType, new long[] {kernelSize}, options);
    }

    /** Over windows that do not overlap. */
    public LPPool1d(Number normType, long[] kernelSize) {
        this(normType, kernelSize, o -> {});
    }

    /**
     * Creates one with the options that {@code options} sets.
     *
     * @param normType which norm, not 0; shown as it is given
     * @param kernelSize the windows' length
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if {@code normType} is 0
     */
    public LPPool1d(Number normType, long[] kernelSize, Consumer<Options> options) {
        super(1, normType, kernelSize, options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.lpPool1d(x, normType, kernelSize, stride, ceilMode);
    }
}
