package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Undoes {@link MaxPool3dWithIndices}: each element is put where its index says, zero elsewhere; {@code (N, C, D, H, W)} or
 * {@code (C, D, H, W)} to {@code (N, C, D_out, H_out, W_out)}, {@code D_out = (D - 1) stride - 2 padding + kernel_size} or as asked for.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.MaxUnpool3d.html">torch.nn.MaxUnpool3d</a>
 */
public class MaxUnpool3d extends MaxUnpoolNd {

    /** Over cubic windows that do not overlap. */
    public MaxUnpool3d(long kernelSize) {
        this(kernelSize, o -> {});
    }

    /** Over cubic windows that are {@code stride} apart. */
    public MaxUnpool3d(long kernelSize, long stride) {
        this(kernelSize, o -> o.stride(stride));
    }

    /** Over cubic windows. */
    public MaxUnpool3d(long kernelSize, Consumer<Options> options) {
        this(new long[] {kernelSize}, options);
    }

    /** Over windows that do not overlap. */
    public MaxUnpool3d(long[] kernelSize) {
        this(kernelSize, o -> {});
    }

    /**
     * Creates one with the options that {@code options} sets.
     *
     * @param kernelSize the windows' depth, height and width
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
