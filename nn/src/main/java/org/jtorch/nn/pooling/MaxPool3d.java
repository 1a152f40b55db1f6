package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * The greatest element of each window: {@code (N, C, D, H, W)} or {@code (C, D, H, W)} to {@code (N, C, D_out, H_out, W_out)},
 * {@code D_out = floor((D + 2 padding - dilation (kernel_size - 1) - 1) / stride) + 1}.
 *
 * <p>PyTorch's {@code return_indices=True} is a class of its own here, {@link MaxPool3dWithIndices}, for it gives another
 * type.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.MaxPool3d.html">torch.nn.MaxPool3d</a>
 */
public class MaxPool3d extends MaxPoolNd {

    /** Over cubic windows that do not overlap. */
    public MaxPool3d(long kernelSize) {
        this(kernelSize, o -> {});
    }

    /** Over cubic windows that are {@code stride} apart. */
    public MaxPool3d(long kernelSize, long stride) {
        this(kernelSize, o -> o.stride(stride));
    }

    /** Over cubic windows. */
    public MaxPool3d(long kernelSize, Consumer<MaxPoolOptions> options) {
        this(new long[] {kernelSize}, options);
    }

    /** Over windows that do not overlap. */
    public MaxPool3d(long[] kernelSize) {
        this(kernelSize, o -> {});
    }

    /**
     * Creates one with the options that {@code options} sets.
     *
     * @param kernelSize the windows' depth, height and width
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
