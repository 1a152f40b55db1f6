package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Module;
import org.jtorch.nn.internal.Sizes;

/** What inverses of max poolings share: their arguments. */
public abstract class MaxUnpoolNd extends Module<MaxUnpoolNd.Input, Tensor> {

    /**
     * What an unpooling takes.
     *
     * @param input what the pooling gave
     * @param indices where it stood
     * @param outputSize the result's spatial sizes, or its whole shape; null: the least that the pooling may have had
     */
    public record Input(Tensor input, Tensor indices, long @Nullable [] outputSize) {}

    /** The optional arguments of unpoolings. */
    public static final class Options {
        private long @Nullable [] stride;
        private long[] padding = {0};

        private Options() {}

        /** The pooling's; default: the kernel's size. */
        public Options stride(long... newStride) {
            stride = newStride.clone();
            return this;
        }

        /** The pooling's; default 0. */
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

    /** {@link #call(Object)} to the least size that the pooling may have had. */
    public final Tensor call(Tensor input, Tensor indices) {
        return call(new Input(input, indices, null));
    }

    /** {@link #call(Object)} to a size. */
    public final Tensor call(Tensor input, Tensor indices, long... outputSize) {
        return call(new Input(input, indices, outputSize));
    }

    /** Returns the windows' size in each spatial dimension; a copy. */
    public final long[] kernelSize() {
        return kernelSize.clone();
    }

    /**
     * Sets {@link #kernelSize()}, one number for all spatial dimensions or one for each.
     *
     * @throws IllegalArgumentException if there are neither one nor as many as spatial dimensions
     */
    public final void kernelSize(long... newKernelSize) {
        kernelSize = Sizes.expand("kernel_size", this.kernelSize.length, newKernelSize);
    }

    /** Returns the windows' distance in each spatial dimension; a copy. */
    public final long[] stride() {
        return stride.clone();
    }

    /**
     * Sets {@link #stride()}, one number for all spatial dimensions or one for each.
     *
     * @throws IllegalArgumentException if there are neither one nor as many as spatial dimensions
     */
    public final void stride(long... newStride) {
        stride = Sizes.expand("stride", this.kernelSize.length, newStride);
    }

    /** Returns what the pooling added on both sides of each spatial dimension; a copy. */
    public final long[] padding() {
        return padding.clone();
    }

    /**
     * Sets {@link #padding()}, one number for all spatial dimensions or one for each.
     *
     * @throws IllegalArgumentException if there are neither one nor as many as spatial dimensions
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
