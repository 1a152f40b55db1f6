package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.internal.Sizes;

/** The checked arguments of a max pooling. */
final class MaxPoolArguments {

    final int dims;
    final long[] kernelSize;
    final long[] stride;
    final long[] padding;
    final long[] dilation;
    final boolean ceilMode;

    private MaxPoolArguments(
            int dims, long[] kernelSize, long[] stride, long[] padding, long[] dilation, boolean ceilMode) {
        this.dims = dims;
        this.kernelSize = Sizes.check("kernel_size", dims, kernelSize);
        this.stride = Sizes.check("stride", dims, stride);
        this.padding = Sizes.check("padding", dims, padding);
        this.dilation = Sizes.check("dilation", dims, dilation);
        this.ceilMode = ceilMode;
    }

    static MaxPoolArguments of(int dims, long[] kernelSize, Consumer<MaxPoolOptions> options) {
        MaxPoolOptions o = Customized.of(new MaxPoolOptions(), options);
        return new MaxPoolArguments(
                dims, kernelSize, o.stride == null ? kernelSize : o.stride, o.padding, o.dilation, o.ceilMode);
    }

    MaxPoolArguments withKernelSize(long... newKernelSize) {
        return new MaxPoolArguments(dims, newKernelSize, stride, padding, dilation, ceilMode);
    }

    MaxPoolArguments withStride(long... newStride) {
        return new MaxPoolArguments(dims, kernelSize, newStride, padding, dilation, ceilMode);
    }

    MaxPoolArguments withPadding(long... newPadding) {
        return new MaxPoolArguments(dims, kernelSize, stride, newPadding, dilation, ceilMode);
    }

    MaxPoolArguments withDilation(long... newDilation) {
        return new MaxPoolArguments(dims, kernelSize, stride, padding, newDilation, ceilMode);
    }

    MaxPoolArguments withCeilMode(boolean newCeilMode) {
        return new MaxPoolArguments(dims, kernelSize, stride, padding, dilation, newCeilMode);
    }

    /** Returns the arguments as PyTorch's {@code repr} shows them. */
    @Override
    public String toString() {
        return "kernel_size=" + PythonText.intOrTuple(kernelSize) + ", stride=" + PythonText.intOrTuple(stride)
                + ", padding=" + PythonText.intOrTuple(padding) + ", dilation=" + PythonText.intOrTuple(dilation)
                + ", ceil_mode=" + PythonText.of(ceilMode);
    }
}
