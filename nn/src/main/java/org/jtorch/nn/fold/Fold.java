package org.jtorch.nn.fold;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.internal.Sizes;

/**
 * Sums columns back into the windows that they stand for: {@code (N, C * product of kernel_size, L)} to
 * {@code (N, C, *output_size)}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Fold.html">torch.nn.Fold</a>
 */
public class Fold extends Windows {

    private long[] outputSize;

    /** Into a square image of square windows that stand at every place. */
    public Fold(long outputSize, long kernelSize) {
        this(outputSize, kernelSize, o -> {});
    }

    /** Into a square image of square windows. */
    public Fold(long outputSize, long kernelSize, Consumer<FoldOptions> options) {
        this(new long[] {outputSize}, new long[] {kernelSize}, options);
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param outputSize the image's height and width
     * @param kernelSize the height and width of the windows
     * @param options sets the optional arguments
     */
    public Fold(long[] outputSize, long[] kernelSize, Consumer<FoldOptions> options) {
        super(kernelSize, options);
        this.outputSize = Sizes.check("output_size", 2, outputSize);
    }

    /** Returns the image's height and width, one number or two; a copy. */
    public final long[] outputSize() {
        return outputSize.clone();
    }

    /**
     * Sets {@link #outputSize()}.
     *
     * @throws IllegalArgumentException if there are neither one nor two
     */
    public final void outputSize(long... newOutputSize) {
        outputSize = Sizes.check("output_size", 2, newOutputSize);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.fold(x, outputSize, kernelSize, dilation, padding, stride);
    }

    @Override
    protected String extraRepr() {
        return "output_size=" + PythonText.intOrTuple(outputSize) + ", " + super.extraRepr();
    }
}
