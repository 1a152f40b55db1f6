package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Reverses {@link MaxPool2dWithIndices}. Each element is put at its index; all other elements are zero: {@code (N, C, H, W)} or
 * {@code (C, H, W)} to {@code (N, C, H_out, W_out)}, where {@code H_out} is the given size or
 * {@code (H - 1) stride - 2 padding + kernel_size}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.MaxUnpool2d.html">torch.nn.MaxUnpool2d</a>
 */
public class MaxUnpool2d extends MaxUnpoolNd {

    /** Creates a pooling over square windows that do not overlap. */
    public MaxUnpool2d(long kernelSize) {
        this(kernelSize, o -> {});
    }

    /** Creates a pooling over square windows with the given stride. */
    public MaxUnpool2d(long kernelSize, long stride) {
        this(kernelSize, o -> o.stride(stride));
    }

    /** Creates a pooling over square windows. */
    public MaxUnpool2d(long kernelSize, Consumer<Options> options) {
        this(new long[] {kernelSize}, options);
    }

    /** Creates a pooling over windows that do not overlap. */
    public MaxUnpool2d(long[] kernelSize) {
        this(kernelSize, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param kernelSize the height and width of the windows
     * @param options sets the optional arguments
     */
    public MaxUnpool2d(long[] kernelSize, Consumer<Options> options) {
        super(2, kernelSize, options);
    }

    @Override
    protected Tensor forward(Input in) {
        return F.maxUnpool2d(in.input(), in.indices(), kernelSize, stride, padding, in.outputSize());
    }
}
