package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.ValuesIndices;
import org.jtorch.nn.functional.F;

/**
 * A {@link MaxPool3d} with PyTorch's {@code return_indices=True}: it also returns the index of each greatest element in the
 * flattened (D, H, W) volume, int64.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.MaxPool3d.html">torch.nn.MaxPool3d</a>
 */
public class MaxPool3dWithIndices extends MaxPoolNdWithIndices {

    /** Creates a pooling over cubic windows that do not overlap. */
    public MaxPool3dWithIndices(long kernelSize) {
        this(kernelSize, o -> {});
    }

    /** Creates a pooling over cubic windows with the given stride. */
    public MaxPool3dWithIndices(long kernelSize, long stride) {
        this(kernelSize, o -> o.stride(stride));
    }

    /** Creates a pooling over cubic windows. */
    public MaxPool3dWithIndices(long kernelSize, Consumer<MaxPoolOptions> options) {
        this(new long[] {kernelSize}, options);
    }

    /** Creates a pooling over windows that do not overlap. */
    public MaxPool3dWithIndices(long[] kernelSize) {
        this(kernelSize, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param kernelSize the depth, height and width of the windows
     * @param options sets the optional arguments
     */
    public MaxPool3dWithIndices(long[] kernelSize, Consumer<MaxPoolOptions> options) {
        super(MaxPool3dWithIndices.class, MaxPool3d.class, 3, kernelSize, options);
    }

    @Override
    protected ValuesIndices forward(Tensor x) {
        return F.maxPool3dWithIndices(x, a.kernelSize, a.stride, a.padding, a.dilation, a.ceilMode);
    }
}
