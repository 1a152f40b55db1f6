package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.ValuesIndices;
import org.jtorch.nn.functional.F;

/**
 * A {@link MaxPool1d} with PyTorch's {@code return_indices=True}: it also returns the index of each greatest element in the
 * input's last dimension, int64.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.MaxPool1d.html">torch.nn.MaxPool1d</a>
 */
public class MaxPool1dWithIndices extends MaxPoolNdWithIndices {

    /** Creates a pooling over windows that do not overlap. */
    public MaxPool1dWithIndices(long kernelSize) {
        this(kernelSize, o -> {});
    }

    /** Creates a pooling over windows with the given stride. */
    public MaxPool1dWithIndices(long kernelSize, long stride) {
        this(kernelSize, o -> o.stride(stride));
    }

    /** Creates a pooling over windows. */
    public MaxPool1dWithIndices(long kernelSize, Consumer<MaxPoolOptions> options) {
        this(new long[] {kernelSize}, options);
    }

    /** Creates a pooling over windows that do not overlap. */
    public MaxPool1dWithIndices(long[] kernelSize) {
        this(kernelSize, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param kernelSize the length of the windows
     * @param options sets the optional arguments
     */
    public MaxPool1dWithIndices(long[] kernelSize, Consumer<MaxPoolOptions> options) {
        super(MaxPool1dWithIndices.class, MaxPool1d.class, 1, kernelSize, options);
    }

    @Override
    protected ValuesIndices forward(Tensor x) {
        return F.maxPool1dWithIndices(x, a.kernelSize, a.stride, a.padding, a.dilation, a.ceilMode);
    }
}
