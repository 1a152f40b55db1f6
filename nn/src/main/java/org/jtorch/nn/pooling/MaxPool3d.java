package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Computes the greatest element of each window: {@code (N, C, D, H, W)} or {@code (C, D, H, W)} to
 * {@code (N, C, D_out, H_out, W_out)}, {@code D_out = floor((D + 2 padding - dilation (kernel_size - 1) - 1) / stride) + 1}.
 *
 * <p>For PyTorch's {@code return_indices=True}, use {@link MaxPool3dWithIndices}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.MaxPool3d.html">torch.nn.MaxPool3d</a>
 */
public class MaxPool3d extends MaxPoolNd {

    /** Creates a pooling over cubic windows that do not overlap. */
    public MaxPool3d(long kernelSize) {
        this(kernelSize, o -> {});
    }

    /** Creates a pooling over cubic windows with the given stride. */
    public MaxPool3d(long kernelSize, long stride) {
        this(kernelSize, o -> o.stride(stride));
    }

    /** Creates a pooling over cubic windows. */
    public MaxPool3d(long kernelSize, Consumer<MaxPoolOptions> options) {
        this(new long[] {kernelSize}, options);
    }

    /** Creates a pooling over windows that do not overlap. */
    public MaxPool3d(long[] kernelSize) {
        this(kernelSize, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param kernelSize the depth, height and width of the windows
     * @param options sets the optional arguments
     */
    public MaxPool3d(long[] kernelSize, Consumer<MaxPoolOptions> options) {
        super(3, kernelSize, options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.maxPool3d(x, a.kernelSize, a.stride, a.padding, a.dilation, a.ceilMode);
    }
}
