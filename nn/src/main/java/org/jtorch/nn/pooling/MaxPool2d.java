package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Computes the greatest element of each window: {@code (N, C, H, W)} or {@code (C, H, W)} to {@code (N, C, H_out, W_out)},
 * {@code H_out = floor((H + 2 padding - dilation (kernel_size - 1) - 1) / stride) + 1}.
 *
 * <p>For PyTorch's {@code return_indices=True}, use {@link MaxPool2dWithIndices}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html">torch.nn.MaxPool2d</a>
 */
public class MaxPool2d extends MaxPoolNd {

    /** Creates a pooling over square windows that do not overlap. */
    public MaxPool2d(long kernelSize) {
        this(kernelSize, o -> {});
    }

    /** Creates a pooling over square windows with the given stride. */
    public MaxPool2d(long kernelSize, long stride) {
        this(kernelSize, o -> o.stride(stride));
    }

    /** Creates a pooling over square windows. */
    public MaxPool2d(long kernelSize, Consumer<MaxPoolOptions> options) {
        this(new long[] {kernelSize}, options);
    }

    /** Creates a pooling over windows that do not overlap. */
    public MaxPool2d(long[] kernelSize) {
        this(kernelSize, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param kernelSize the height and width of the windows
     * @param options sets the optional arguments
     */
    public MaxPool2d(long[] kernelSize, Consumer<MaxPoolOptions> options) {
        super(2, kernelSize, options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.maxPool2d(x, a.kernelSize, a.stride, a.padding, a.dilation, a.ceilMode);
    }
}
