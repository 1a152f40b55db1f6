package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Undoes {@link MaxPool1dWithIndices}: each element is put where its index says, zero elsewhere; {@code (N, C, L)} or
 * {@code (C, L)} to {@code (N, C, L_out)}, {@code L_out = (L - 1) stride - 2 padding + kernel_size} or as asked for.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.MaxUnpool1d.html">torch.nn.MaxUnpool1d</a>
 */
public class MaxUnpool1d extends MaxUnpoolNd {

    /** Over windows that do not overlap. */
    public MaxUnpool1d(long kernelSize) {
        this(kernelSize, o -> {});
    }

    /** Over windows that are {@code stride} apart. */
    public MaxUnpool1d(long kernelSize, long stride) {
        this(kernelSize, o -> o.stride(stride));
    }

    /** Over windows. */
    public MaxUnpool1d(long kernelSize, Consumer<Options> options) {
        this(new long[] {kernelSize}, options);
    }

    /** Over windows that do not overlap. */
    public MaxUnpool1d(long[] kernelSize) {
        this(kernelSize, o -> {});
    }

    /**
     * Creates one with the options that {@code options} sets.
     *
     * @param kernelSize the windows' length
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
