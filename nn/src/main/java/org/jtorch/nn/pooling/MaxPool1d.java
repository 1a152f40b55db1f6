package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Computes the greatest element of each window: {@code (N, C, L)} or {@code (C, L)} to {@code (N, C, L_out)}, {@code L_out =
 * floor((L + 2 padding - dilation (kernel_size - 1) - 1) / stride) + 1}.
 *
 * <p>For PyTorch's {@code return_indices=True}, use {@link MaxPool1dWithIndices}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.MaxPool1d.html">torch.nn.MaxPool1d</a>
 */
public class MaxPool1d extends MaxPoolNd {

    /** Creates a pooling over windows that do not overlap. */
    public MaxPool1d(long kernelSize) {
        this(kernelSize, o -> {});
    }

    /** Creates a pooling over windows with the given stride. */
    public MaxPool1d(long kernelSize, long stride) {
        this(kernelSize, o -> o.stride(stride));
    }

    /** Creates a pooling over windows. */
    public MaxPool1d(long kernelSize, Consumer<MaxPoolOptions> options) {
        this(new long[] {kernelSize}, options);
    }

    /** Creates a pooling over windows that do not overlap. */
    public MaxPool1d(long[] kernelSize) {
        this(kernelSize, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param kernelSize the length of the windows
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
