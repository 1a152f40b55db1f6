package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.nn.internal.PythonText;
import org.jtorch.nn.internal.Sizes;

/** The arguments of one max pooling, checked. */
final class MaxPoolArguments {

    final long[] kernelSize;
    final long[] stride;
    final long[] padding;
    final long[] dilation;
    final boolean ceilMode;

    MaxPoolArguments(int dims, long[] kernelSize, Consumer<MaxPoolOptions> options) {
        MaxPoolOptions o = new MaxPoolOptions();
        options.accept(o);
        this.kernelSize = Sizes.check("kernel_size", dims, kernelSize);
        stride = Sizes.check("stride", dims, o.stride == null ? kernelSize : o.stride);
        padding = Sizes.check("padding", dims, o.padding);
        dilation = Sizes.check("dilation", dims, o.dilation);
        ceilMode = o.ceilMode;
    }

    /** As in PyTorch's {@code repr}. */
    @Override
    public String toString() {
        return "kernel_size=" + PythonText.intOrTuple(kernelSize) + ", stride=" + PythonText.intOrTuple(stride)
                + ", padding=" + PythonText.intOrTuple(padding) + ", dilation=" + PythonText.intOrTuple(dilation)
                + ", ceil_mode=" + PythonText.of(ceilMode);
    }
}
