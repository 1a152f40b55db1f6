package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Layer;
import org.jtorch.nn.internal.Sizes;

/** What poolings by means share: their arguments. Sizes are one number for all spatial dimensions or one for each. */
public abstract class AvgPoolNd extends Layer {

    /** The optional arguments of poolings by means. */
    public static final class Options {
        private long @Nullable [] stride;
        private long[] padding = {0};
        private boolean ceilMode;
        private boolean countIncludePad = true;
        private @Nullable Long divisorOverride;

        private Options() {}

        /** Sets the windows' distance; the default is the kernel's size, so that they do not overlap. */
        public Options stride(long... newStride) {
            stride = newStride.clone();
            return this;
        }

        /** Sets what is added on both sides, of zeros; the default is 0. */
        public Options padding(long... newPadding) {
            padding = newPadding.clone();
            return this;
        }

        /** Sets whether a window that reaches over the end counts; the default is {@code false}. */
        public Options ceilMode(boolean newCeilMode) {
            ceilMode = newCeilMode;
            return this;
        }

        /** Sets whether the zeros of the padding count as elements; the default is {@code true}. */
        public Options countIncludePad(boolean newCountIncludePad) {
            countIncludePad = newCountIncludePad;
            return this;
        }

        /** Sets what to divide a window's sum by; null, the default: the number of its elements. Not for one dimension. */
        public Options divisorOverride(@Nullable Long newDivisorOverride) {
            divisorOverride = newDivisorOverride;
            return this;
        }
    }

    private final int dims;
    long[] kernelSize;
    long[] stride;
    long[] padding;
    boolean ceilMode;
    boolean countIncludePad;

    @Nullable
    Long divisorOverride;

    AvgPoolNd(int dims, long[] kernelSize, Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
        this.dims = dims;
        checkDivisor(dims, o.divisorOverride);
        this.kernelSize = Sizes.check("kernel_size", dims, kernelSize);
        stride = Sizes.check("stride", dims, o.stride == null ? kernelSize : o.stride);
        padding = Sizes.check("padding", dims, o.padding);
        ceilMode = o.ceilMode;
        countIncludePad = o.countIncludePad;
        divisorOverride = o.divisorOverride;
    }

    /** Returns a size as PyTorch keeps it. */
    String shown(long[] size) {
        return PythonText.intOrTuple(size);
    }

    private static void checkDivisor(int dims, @Nullable Long divisorOverride) {
        if (dims == 1 && divisorOverride != null) {
            throw new IllegalArgumentException(
                    "AvgPool1d has no divisor_override, but it is " + divisorOverride + ": leave it out");
        }
    }

    /** Returns the windows' size, one number for all spatial dimensions or one for each; a copy. */
    public final long[] kernelSize() {
        return kernelSize.clone();
    }

    /**
     * Sets {@link #kernelSize()}.
     *
     * @throws IllegalArgumentException if there are neither one nor as many as spatial dimensions
     */
    public final void kernelSize(long... newKernelSize) {
        kernelSize = Sizes.check("kernel_size", dims, newKernelSize);
    }

    /** Returns the windows' distance, one number for all spatial dimensions or one for each; a copy. */
    public final long[] stride() {
        return stride.clone();
    }

    /**
     * Sets {@link #stride()}.
     *
     * @throws IllegalArgumentException if there are neither one nor as many as spatial dimensions
     */
    public final void stride(long... newStride) {
        stride = Sizes.check("stride", dims, newStride);
    }

    /** Returns what is added on both sides, of zeros, one number for all spatial dimensions or one for each; a copy. */
    public final long[] padding() {
        return padding.clone();
    }

    /**
     * Sets {@link #padding()}.
     *
     * @throws IllegalArgumentException if there are neither one nor as many as spatial dimensions
     */
    public final void padding(long... newPadding) {
        padding = Sizes.check("padding", dims, newPadding);
    }

    /** Returns whether a window that reaches over the end counts. */
    public final boolean ceilMode() {
        return ceilMode;
    }

    /** Sets {@link #ceilMode()}. */
    public final void ceilMode(boolean newCeilMode) {
        ceilMode = newCeilMode;
    }

    /** Returns whether the zeros of the padding count as elements. */
    public final boolean countIncludePad() {
        return countIncludePad;
    }

    /** Sets {@link #countIncludePad()}. */
    public final void countIncludePad(boolean newCountIncludePad) {
        countIncludePad = newCountIncludePad;
    }

    /** Returns what a window's sum is divided by; null: the number of its elements. */
    public final @Nullable Long divisorOverride() {
        return divisorOverride;
    }

    /**
     * Sets {@link #divisorOverride()}.
     *
     * @throws IllegalArgumentException if the pooling is of one dimension, and it is not null
     */
    public final void divisorOverride(@Nullable Long newDivisorOverride) {
        checkDivisor(dims, newDivisorOverride);
        divisorOverride = newDivisorOverride;
    }

    @Override
    protected String extraRepr() {
        return "kernel_size=" + shown(kernelSize) + ", stride=" + shown(stride) + ", padding=" + shown(padding);
    }
}
