package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * The greatest element of each window: {@code (N, C, H, W)} or {@code (C, H, W)} to {@code (N, C, H_out, W_out)},
 * {@code H_out = floor((H + 2 padding - dilation (kernel_size - 1) - 1) / stride) + 1}.
 *
 * <p>PyTorch's {@code return_indices=True} is a class of its own here, {@link MaxPool2dWithIndices}, for it gives another
 * type.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html">torch.nn.MaxPool2d</a>
 */
public class MaxPool2d extends MaxPoolNd {

    /** Over square windows that do not overlap. */
    public MaxPool2d(long kernelSize) {
        this(kernelSize, o -> {});
    }

    /** Over square windows that are {@code stride} apart. */
    public MaxPool2d(long kernelSize, long stride) {
        this(kernelSize, o -> o.stride(stride));
    }

    /** Over square windows. */
    public MaxPool2d(long kernelSize, Consumer<MaxPoolOptions> options) {
        this(new long[] {kernelSize}, options);
    }

    /** Over windows that do not overlap. */
    public MaxPool2d(long[] kernelSize) {
        this(kernelSize, o -> {});
    }

    /**
     * Creates one with the options that {@code options} sets.
     *
     * @param kernelSize the windows' height and width
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
