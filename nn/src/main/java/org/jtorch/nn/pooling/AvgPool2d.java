package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * The mean of each window: {@code (N, C, H, W)} or {@code (C, H, W)} to {@code (N, C, H_out, W_out)},
 * {@code H_out = floor((H + 2 padding - kernel_size) / stride) + 1}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html">torch.nn.AvgPool2d</a>
 */
public class AvgPool2d extends AvgPoolNd {

    /** Over square windows that do not overlap. */
    public AvgPool2d(long kernelSize) {
        this(kernelSize, o -> {});
    }

    /** Over square windows that are {@code stride} apart. */
    public AvgPool2d(long kernelSize, long stride) {
        this(kernelSize, o -> o.stride(stride));
    }

    /** Over square windows. */
    public AvgPool2d(long kernelSize, Consumer<Options> options) {
        this(new long[] {kernelSize}, options);
    }

    /** Over windows that do not overlap. */
    public AvgPool2d(long[] kernelSize) {
        this(kernelSize, o -> {});
    }

    /**
     * Creates one with the options that {@code options} sets.
     *
     * @param kernelSize the windows' height and width
     * @param options sets the optional arguments
     */
    public AvgPool2d(long[] kernelSize, Consumer<Options> options) {
        super(2, kernelSize, options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.avgPool2d(x, kernelSize, stride, padding, ceilMode, countIncludePad, divisorOverride);
    }
}
