package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Undoes {@link MaxPool2dWithIndices}: each element is put where its index says, zero elsewhere; {@code (N, C, H, W)} or
 * {@code (C, H, W)} to {@code (N, C, H_out, W_out)}, {@code H_out = (H - 1) stride - 2 padding + kernel_size} or as asked for.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.MaxUnpool2d.html">torch.nn.MaxUnpool2d</a>
 */
public class MaxUnpool2d extends MaxUnpoolNd {

    /** Over square windows that do not overlap. */
    public MaxUnpool2d(long kernelSize) {
        this(kernelSize, o -> {});
    }

    /** Over square windows that are {@code stride} apart. */
    public MaxUnpool2d(long kernelSize, long stride) {
        this(kernelSize, o -> o.stride(stride));
    }

    /** Over square windows. */
    public MaxUnpool2d(long kernelSize, Consumer<Options> options) {
        this(new long[] {kernelSize}, options);
    }

    /** Over windows that do not overlap. */
    public MaxUnpool2d(long[] kernelSize) {
        this(kernelSize, o -> {});
    }

    /**
     * Creates one with the options that {@code options} sets.
     *
     * @param kernelSize the windows' height and width
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
