package org.jtorch.nn.fold;

import java.util.function.Consumer;
import org.jtorch.nn.Layer;
import org.jtorch.nn.internal.PythonText;
import org.jtorch.nn.internal.Sizes;

/** What {@link Fold} and {@link Unfold} share: how the windows stand. */
public abstract class Windows extends Layer {

    final long[] kernelSize;
    final long[] dilation;
    final long[] padding;
    final long[] stride;

    Windows(long[] kernelSize, Consumer<FoldOptions> options) {
        FoldOptions o = new FoldOptions();
        options.accept(o);
        this.kernelSize = Sizes.check("kernel_size", 2, kernelSize);
        dilation = Sizes.check("dilation", 2, o.dilation);
        padding = Sizes.check("padding", 2, o.padding);
        stride = Sizes.check("stride", 2, o.stride);
    }

    @Override
    protected String extraRepr() {
        return "kernel_size=" + PythonText.intOrTuple(kernelSize) + ", dilation=" + PythonText.intOrTuple(dilation)
                + ", padding=" + PythonText.intOrTuple(padding) + ", stride=" + PythonText.intOrTuple(stride);
    }
}
