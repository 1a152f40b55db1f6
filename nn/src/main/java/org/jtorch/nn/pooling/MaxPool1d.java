package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * The greatest element of each window: {@code (N, C, L)} or {@code (C, L)} to {@code (N, C, L_out)},
 * {@code L_out = floor((L + 2 padding - dilation (kernel_size - 1) - 1) / stride) + 1}.
 *
 * <p>PyTorch's {@code return_indices=True} is a class of its own here, {@link MaxPool1dWithIndices}, for it gives another
 * type.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.MaxPool1d.html">torch.nn.MaxPool1d</a>
 */
public class MaxPool1d extends MaxPoolNd {

    /** Over windows that do not overlap. */
    public MaxPool1d(long kernelSize) {
        this(kernelSize, o -> {});
    }

    /** Over windows that are {@code stride} apart. */
    public MaxPool1d(long kernelSize, long stride) {
        this(kernelSize, o -> o.stride(stride));
    }

    /** Over windows. */
    public MaxPool1d(long kernelSize, Consumer<MaxPoolOptions> options) {
        this(new long[] {kernelSize}, options);
    }

    /** Over windows that do not overlap. */
    public MaxPool1d(long[] kernelSize) {
        this(kernelSize, o -> {});
    }

    /**
     * Creates one with the options that {@code options} sets.
     *
     * @param kernelSize the windows' length
     * @param options sets the optional arguments
     */
    public MaxPool1d(long[] kernelSize, Consumer<MaxPoolOptions> options) {
        super(1, kernelSize, options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.maxPool1d(x, a.kernelSize, a.stride, a.padding, a.dilation, a.ceilMode);
    }
}
