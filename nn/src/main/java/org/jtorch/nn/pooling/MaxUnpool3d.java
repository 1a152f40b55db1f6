package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Reverses {@link MaxPool3dWithIndices}. Each element is put at its index; all other elements are zero: {@code (N, C, D, H, W)}
 * or {@code (C, D, H, W)} to {@code (N, C, D_out, H_out, W_out)}, where {@code D_out} is the given size or
 * {@code (D - 1) stride - 2 padding + kernel_size}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.MaxUnpool3d.html">torch.nn.MaxUnpool3d</a>
 */
public class MaxUnpool3d extends MaxUnpoolNd {

    /** Creates a pooling over cubic windows that do not overlap. */
    public MaxUnpool3d(long kernelSize) {
        this(kernelSize, o -> {});
    }

    /** Creates a pooling over cubic windows with the given stride. */
    public MaxUnpool3d(long kernelSize, long stride) {
        this(kernelSize, o -> o.stride(stride));
    }

    /** Creates a pooling over cubic windows. */
    public MaxUnpool3d(long kernelSize, Consumer<Options> options) {
        this(new long[] {kernelSize}, options);
    }

    /** Creates a pooling over windows that do not overlap. */
    public MaxUnpool3d(long[] kernelSize) {
        this(kernelSize, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param kernelSize the depth, height and width of the windows
     * @param options sets the optional arguments
     */
    public MaxUnpool3d(long[] kernelSize, Consumer<Options> options) {
        super(3, kernelSize, options);
    }

    @Override
    protected Tensor forward(Input in) {
        return F.maxUnpool3d(in.input(), in.indices(), kernelSize, stride, padding, in.outputSize());
    }
}
