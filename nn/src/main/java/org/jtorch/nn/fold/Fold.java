package org.jtorch.nn.fold;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.internal.Sizes;

/**
 * Adds columns to the windows that they represent: {@code (N, C * product of kernel_size, L)} to {@code (N, C, *output_size)}.
 * Overlapping windows are summed.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Fold.html">torch.nn.Fold</a>
 */
public class Fold extends Windows {

    private long[] outputSize;

    /** Creates a fold of square windows at every position into a square image. */
    public Fold(long outputSize, long kernelSize) {
        this(outputSize, kernelSize, o -> {});
    }

    /** Creates a fold of square windows into a square image. */
    public Fold(long outputSize, long kernelSize, Consumer<FoldOptions> options) {
        this(new long[] {outputSize}, new long[] {kernelSize}, options);
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param outputSize the height and width of the image
     * @param kernelSize the height and width of the windows
     * @param options sets the optional arguments
     */
    public Fold(long[] outputSize, long[] kernelSize, Consumer<FoldOptions> options) {
        super(kernelSize, options);
        this.outputSize = Sizes.check("output_size", 2, outputSize);
    }

    /** Returns a copy of the height and width of the image: one number or two. */
    public final long[] outputSize() {
        return outputSize.clone();
    }

    /**
     * Sets {@link #outputSize()}.
     *
     * @throws IllegalArgumentException if the number of values is neither one nor two
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
