package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Computes the mean of each window: {@code (N, C, D, H, W)} or {@code (C, D, H, W)} to {@code (N, C, D_out, H_out, W_out)},
 * {@code D_out = floor((D + 2 padding - kernel_size) / stride) + 1}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.AvgPool3d.html">torch.nn.AvgPool3d</a>
 */
public class AvgPool3d extends AvgPoolNd {

    /** Creates a pooling over cubic windows that do not overlap. */
    public AvgPool3d(long kernelSize) {
        this(kernelSize, o -> {});
    }

    /** Creates a pooling over cubic windows with the given stride. */
    public AvgPool3d(long kernelSize, long stride) {
        this(kernelSize, o -> o.stride(stride));
    }

    /** Creates a pooling over cubic windows. */
    public AvgPool3d(long kernelSize, Consumer<Options> options) {
        this(new long[] {kernelSize}, options);
    }

    /** Creates a pooling over windows that do not overlap. */
    public AvgPool3d(long[] kernelSize) {
        this(kernelSize, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param kernelSize the depth, height and width of the windows
     * @param options sets the optional arguments
     */
    public AvgPool3d(long[] kernelSize, Consumer<Options> options) {
        super(3, kernelSize, options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.avgPool3d(x, kernelSize, stride, padding, ceilMode, countIncludePad, divisorOverride);
    }
}
