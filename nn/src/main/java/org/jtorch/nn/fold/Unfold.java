package org.jtorch.nn.fold;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Extracts windows as columns: {@code (N, C, H, W)} to {@code (N, C * product of kernel_size, L)}. L is the number of windows.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Unfold.html">torch.nn.Unfold</a>
 */
public class Unfold extends Windows {

    /** Creates an unfold over square windows at every position. */
    public Unfold(long kernelSize) {
        this(new long[] {kernelSize}, o -> {});
    }

    /** Creates a pooling over square windows. */
    public Unfold(long kernelSize, Consumer<FoldOptions> options) {
        this(new long[] {kernelSize}, options);
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param kernelSize the height and width of the windows
     * @param options sets the optional arguments
     */
    public Unfold(long[] kernelSize, Consumer<FoldOptions> options) {
        super(kernelSize, options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.unfold(x, kernelSize, dilation, padding, stride);
    }
}
