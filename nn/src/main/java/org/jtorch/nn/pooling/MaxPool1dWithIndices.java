package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.ValuesIndices;
import org.jtorch.nn.functional.F;

/**
 * {@link MaxPool1d} with PyTorch's {@code return_indices=True}: beside the greatest elements, where each stood, its place in
 * the line, int64.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.MaxPool1d.html">torch.nn.MaxPool1d</a>
 */
public class MaxPool1dWithIndices extends MaxPoolNdWithIndices {

    /** Over windows that do not overlap. */
    public MaxPool1dWithIndices(long kernelSize) {
        this(kernelSize, o -> {});
    }

    /** Over windows that are {@code stride} apart. */
    public MaxPool1dWithIndices(long kernelSize, long stride) {
        this(kernelSize, o -> o.stride(stride));
    }

    /** Over windows. */
    public MaxPool1dWithIndices(long kernelSize, Consumer<MaxPoolOptions> options) {
        this(new long[] {kernelSize}, options);
    }

    /** Over windows that do not overlap. */
    public MaxPool1dWithIndices(long[] kernelSize) {
        this(kernelSize, o -> {});
    }

    /**
     * Creates one with the options that {@code options} sets.
     *
     * @param kernelSize the windows' length
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
