package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Reverses {@link MaxPool1dWithIndices}. Each element is put at its index; all other elements are zero: {@code (N, C, L)} or
 * {@code (C, L)} to {@code (N, C, L_out)}, where {@code L_out} is the given size or
 * {@code (L - 1) stride - 2 padding + kernel_size}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.MaxUnpool1d.html">torch.nn.MaxUnpool1d</a>
 */
public class MaxUnpool1d extends MaxUnpoolNd {

    /** Creates a pooling over windows that do not overlap. */
    public MaxUnpool1d(long kernelSize) {
        this(kernelSize, o -> {});
    }

    /** Creates a pooling over windows with the given stride. */
    public MaxUnpool1d(long kernelSize, long stride) {
        this(kernelSize, o -> o.stride(stride));
    }

    /** Creates a pooling over windows. */
    public MaxUnpool1d(long kernelSize, Consumer<Options> options) {
        this(new long[] {kernelSize}, options);
    }

    /** Creates a pooling over windows that do not overlap. */
    public MaxUnpool1d(long[] kernelSize) {
        this(kernelSize, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param kernelSize the length of the windows
     * @param options sets the optional arguments
     */
    public MaxUnpool1d(long[] kernelSize, Consumer<Options> options) {
        super(1, kernelSize, options);
    }

    @Override
    protected Tensor forward(Input in) {
        return F.maxUnpool1d(in.input(), in.indices(), kernelSize, stride, padding, in.outputSize());
    }
}
