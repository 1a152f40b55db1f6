package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Computes the norm of each window, {@code (sum x^p)^(1/p)}: {@code (N, C, L)} or {@code (C, L)} to {@code (N, C, L_out)},
 * {@code L_out = floor((L - kernel_size) / stride) + 1}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.LPPool1d.html">torch.nn.LPPool1d</a>
 */
public class LPPool1d extends LPPoolNd {

    /** Creates a pooling over windows that do not overlap. */
    public LPPool1d(Number normType, long kernelSize) {
        this(normType, kernelSize, o -> {});
    }

    /** Creates a pooling over windows. */
    public LPPool1d(Number normType, long kernelSize, Consumer<Options> options) {
        this(normType, new long[] {kernelSize}, options);
    }

    /** Creates a pooling over windows that do not overlap. */
    public LPPool1d(Number normType, long[] kernelSize) {
        this(normType, kernelSize, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param normType the exponent p, which must not be 0; shown as given
     * @param kernelSize the length of the windows
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
