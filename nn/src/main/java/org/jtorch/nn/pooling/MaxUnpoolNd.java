package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Module;
import org.jtorch.nn.internal.Sizes;

/** The base class of the inverses of max poolings: their arguments. */
public abstract class MaxUnpoolNd extends Module<MaxUnpoolNd.Input, Tensor> {

    /**
     * The input of an unpooling.
     *
     * @param input the values that the pooling returned
     * @param indices the indices that the pooling returned
     * @param outputSize the spatial sizes of the output, or its whole shape; null for the least size that the input of the
     *     pooling may have had
     */
    public record Input(Tensor input, Tensor indices, long @Nullable [] outputSize) {}

    /** The optional arguments of unpoolings. */
    public static final class Options {
        private long @Nullable [] stride;
        private long[] padding = {0};

        private Options() {}

        /** Sets the stride of the pooling; the default is the kernel size. */
        public Options stride(long... newStride) {
            stride = newStride.clone();
            return this;
        }

        /** Sets the padding of the pooling; the default is 0. */
        public Options padding(long... newPadding) {
            padding = newPadding.clone();
            return this;
        }
    }

    long[] kernelSize;
    long[] stride;
    long[] padding;

    MaxUnpoolNd(int dims, long[] kernelSize, Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
        this.kernelSize = Sizes.expand("kernel_size", dims, kernelSize);
        stride = Sizes.expand("stride", dims, o.stride == null ? kernelSize : o.stride);
        padding = Sizes.expand("padding", dims, o.padding);
    }

    /** Unpools to the least size that the input of the pooling may have had; see {@link #call(Object)}. */
    public final Tensor call(Tensor input, Tensor indices) {
        return call(new Input(input, indices, null));
    }

    /** Unpools to the given size; see {@link #call(Object)}. */
    public final Tensor call(Tensor input, Tensor indices, long... outputSize) {
        return call(new Input(input, indices, outputSize));
    }

    /** Returns a copy of the size of the windows in each spatial dimension. */
    public final long[] kernelSize() {
        return kernelSize.clone();
    }

    /**
     * Sets {@link #kernelSize()}: one number for all spatial dimensions or one for each.
     *
     * @throws IllegalArgumentException if the number of values is neither one nor the number of spatial dimensions
     */
    public final void kernelSize(long... newKernelSize) {
        kernelSize = Sizes.expand("kernel_size", this.kernelSize.length, newKernelSize);
    }

    /** Returns a copy of the stride of the windows in each spatial dimension. */
    public final long[] stride() {
        return stride.clone();
    }

    /**
     * Sets {@link #stride()}: one number for all spatial dimensions or one for each.
     *
     * @throws IllegalArgumentException if the number of values is neither one nor the number of spatial dimensions
     */
    public final void stride(long... newStride) {
        stride = Sizes.expand("stride", this.kernelSize.length, newStride);
    }

    /** Returns a copy of the padding of the pooling on both sides of each spatial dimension. */
    public final long[] padding() {
        return padding.clone();
    }

    /**
     * Sets {@link #padding()}: one number for all spatial dimensions or one for each.
     *
     * @throws IllegalArgumentException if the number of values is neither one nor the number of spatial dimensions
     */
    public final void padding(long... newPadding) {
        padding = Sizes.expand("padding", this.kernelSize.length, newPadding);
    }

    @Override
    protected String extraRepr() {
        return "kernel_size=" + PythonText.tuple(kernelSize) + ", stride=" + PythonText.tuple(stride) + ", padding="
                + PythonText.tuple(padding);
    }
}
