package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Computes the mean of each window: {@code (N, C, H, W)} or {@code (C, H, W)} to {@code (N, C, H_out, W_out)},
 * {@code H_out = floor((H + 2 padding - kernel_size) / stride) + 1}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html">torch.nn.AvgPool2d</a>
 */
public class AvgPool2d extends AvgPoolNd {

    /** Creates a pooling over square windows that do not overlap. */
    public AvgPool2d(long kernelSize) {
        this(kernelSize, o -> {});
    }

    /** Creates a pooling over square windows with the given stride. */
    public AvgPool2d(long kernelSize, long stride) {
        this(kernelSize, o -> o.stride(stride));
    }

    /** Creates a pooling over square windows. */
    public AvgPool2d(long kernelSize, Consumer<Options> options) {
        this(new long[] {kernelSize}, options);
    }

    /** Creates a pooling over windows that do not overlap. */
    public AvgPool2d(long[] kernelSize) {
        this(kernelSize, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param kernelSize the height and width of the windows
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
