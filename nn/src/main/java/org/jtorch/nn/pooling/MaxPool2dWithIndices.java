package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.ValuesIndices;
import org.jtorch.nn.functional.F;

/**
 * A {@link MaxPool2d} with PyTorch's {@code return_indices=True}: it also returns the index of each greatest element in the
 * flattened (H, W) plane, int64.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html">torch.nn.MaxPool2d</a>
 */
public class MaxPool2dWithIndices extends MaxPoolNdWithIndices {

    /** Creates a pooling over square windows that do not overlap. */
    public MaxPool2dWithIndices(long kernelSize) {
        this(kernelSize, o -> {});
    }

    /** Creates a pooling over square windows with the given stride. */
    public MaxPool2dWithIndices(long kernelSize, long stride) {
        this(kernelSize, o -> o.stride(stride));
    }

    /** Creates a pooling over square windows. */
    public MaxPool2dWithIndices(long kernelSize, Consumer<MaxPoolOptions> options) {
        this(new long[] {kernelSize}, options);
    }

    /** Creates a pooling over windows that do not overlap. */
    public MaxPool2dWithIndices(long[] kernelSize) {
        this(kernelSize, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param kernelSize the height and width of the windows
     * @param options sets the optional arguments
     */
    public MaxPool2dWithIndices(long[] kernelSize, Consumer<MaxPoolOptions> options) {
        super(MaxPool2dWithIndices.class, MaxPool2d.class, 2, kernelSize, options);
    }

    @Override
    protected ValuesIndices forward(Tensor x) {
        return F.maxPool2dWithIndices(x, a.kernelSize, a.stride, a.padding, a.dilation, a.ceilMode);
    }
}
