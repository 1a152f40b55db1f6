package org.jtorch.nn.fold;

import java.util.function.Consumer;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Layer;
import org.jtorch.nn.internal.Sizes;

/** The base class of {@link Fold} and {@link Unfold}: the positions of the windows. */
public abstract class Windows extends Layer {

    long[] kernelSize;
    long[] dilation;
    long[] padding;
    long[] stride;

    Windows(long[] kernelSize, Consumer<FoldOptions> options) {
        FoldOptions o = Customized.of(new FoldOptions(), options);
        this.kernelSize = Sizes.check("kernel_size", 2, kernelSize);
        dilation = Sizes.check("dilation", 2, o.dilation);
        padding = Sizes.check("padding", 2, o.padding);
        stride = Sizes.check("stride", 2, o.stride);
    }

    /** Returns a copy of the height and width of the windows: one number or two. */
    public final long[] kernelSize() {
        return kernelSize.clone();
    }

    /**
     * Sets {@link #kernelSize()}.
     *
     * @throws IllegalArgumentException if the number of values is neither one nor two
     */
    public final void kernelSize(long... newKernelSize) {
        kernelSize = Sizes.check("kernel_size", 2, newKernelSize);
    }

    /** Returns a copy of the distance between the points of a window: one number or two. */
    public final long[] dilation() {
        return dilation.clone();
    }

    /**
     * Sets {@link #dilation()}.
     *
     * @throws IllegalArgumentException if the number of values is neither one nor two
     */
    public final void dilation(long... newDilation) {
        dilation = Sizes.check("dilation", 2, newDilation);
    }

    /** Returns a copy of the padding of zeros on both sides of the image: one number or two. */
    public final long[] padding() {
        return padding.clone();
    }

    /**
     * Sets {@link #padding()}.
     *
     * @throws IllegalArgumentException if the number of values is neither one nor two
     */
    public final void padding(long... newPadding) {
        padding = Sizes.check("padding", 2, newPadding);
    }

    /** Returns a copy of the stride of the windows: one number or two. */
    public final long[] stride() {
        return stride.clone();
    }

    /**
     * Sets {@link #stride()}.
     *
     * @throws IllegalArgumentException if the number of values is neither one nor two
     */
    public final void stride(long... newStride) {
        stride = Sizes.check("stride", 2, newStride);
    }

    @Override
    protected String extraRepr() {
        return "kernel_size=" + PythonText.intOrTuple(kernelSize) + ", dilation=" + PythonText.intOrTuple(dilation)
                + ", padding=" + PythonText.intOrTuple(padding) + ", stride=" + PythonText.intOrTuple(stride);
    }
}
