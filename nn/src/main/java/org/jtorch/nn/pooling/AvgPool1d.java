package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.functional.F;

/**
 * Computes the mean of each window: {@code (N, C, L)} or {@code (C, L)} to {@code (N, C, L_out)},
 * {@code L_out = floor((L + 2 padding - kernel_size) / stride) + 1}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.AvgPool1d.html">torch.nn.AvgPool1d</a>
 */
public class AvgPool1d extends AvgPoolNd {

    /** Creates a pooling over windows that do not overlap. */
    public AvgPool1d(long kernelSize) {
        this(kernelSize, o -> {});
    }

    /** Creates a pooling over windows with the given stride. */
    public AvgPool1d(long kernelSize, long stride) {
        this(kernelSize, o -> o.stride(stride));
    }

    /** Creates a pooling over windows. */
    public AvgPool1d(long kernelSize, Consumer<Options> options) {
        this(new long[] {kernelSize}, options);
    }

    /** Creates a pooling over windows that do not overlap. */
    public AvgPool1d(long[] kernelSize) {
        this(kernelSize, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param kernelSize the length of the windows
     * @param options sets the optional arguments
     */
    public AvgPool1d(long[] kernelSize, Consumer<Options> options) {
        super(1, kernelSize, options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.avgPool1d(x, kernelSize, stride, padding, ceilMode, countIncludePad);
    }

    @Override
    final String shown(long[] size) {
        return PythonText.tuple(size);
    }
}
