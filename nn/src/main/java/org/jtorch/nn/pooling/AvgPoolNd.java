package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Layer;
import org.jtorch.nn.internal.Sizes;

/** The base class of average poolings: their arguments. A size is one number for all spatial dimensions or one for each. */
public abstract class AvgPoolNd extends Layer {

    /** The optional arguments of average poolings. */
    public static final class Options {
        private long @Nullable [] stride;
        private long[] padding = {0};
        private boolean ceilMode;
        private boolean countIncludePad = true;
        private @Nullable Long divisorOverride;

        private Options() {}

        /** Sets the stride of the windows; the default is the kernel size, so that the windows do not overlap. */
        public Options stride(long... newStride) {
            stride = newStride.clone();
            return this;
        }

        /** Sets the padding of zeros on both sides; the default is 0. */
        public Options padding(long... newPadding) {
            padding = newPadding.clone();
            return this;
        }

        /** Sets whether windows that extend beyond the end are included; the default is {@code false}. */
        public Options ceilMode(boolean newCeilMode) {
            ceilMode = newCeilMode;
            return this;
        }

        /** Sets whether the zeros of the padding count as elements of a window; the default is {@code true}. */
        public Options countIncludePad(boolean newCountIncludePad) {
            countIncludePad = newCountIncludePad;
            return this;
        }

        /**
         * Sets the number by which the sum of a window is divided. The default is null, which stands for the number of
         * elements. It cannot be set for one-dimensional poolings.
         */
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

    /** Returns a size in the form in which PyTorch keeps it. */
    String shown(long[] size) {
        return PythonText.intOrTuple(size);
    }

    private static void checkDivisor(int dims, @Nullable Long divisorOverride) {
        if (dims == 1 && divisorOverride != null) {
            throw new IllegalArgumentException(
                    "AvgPool1d has no divisor_override, but it is " + divisorOverride + ": leave it out");
        }
    }

    /** Returns a copy of the size of the windows: one number for all spatial dimensions or one for each. */
    public final long[] kernelSize() {
        return kernelSize.clone();
    }

    /**
     * Sets {@link #kernelSize()}.
     *
     * @throws IllegalArgumentException if the number of values is neither one nor the number of spatial dimensions
     */
    public final void kernelSize(long... newKernelSize) {
        kernelSize = Sizes.check("kernel_size", dims, newKernelSize);
    }

    /** Returns a copy of the stride of the windows: one number for all spatial dimensions or one for each. */
    public final long[] stride() {
        return stride.clone();
    }

    /**
     * Sets {@link #stride()}.
     *
     * @throws IllegalArgumentException if the number of values is neither one nor the number of spatial dimensions
     */
    public final void stride(long... newStride) {
        stride = Sizes.check("stride", dims, newStride);
    }

    /** Returns a copy of the padding of zeros on both sides: one number for all spatial dimensions or one for each. */
    public final long[] padding() {
        return padding.clone();
    }

    /**
     * Sets {@link #padding()}.
     *
     * @throws IllegalArgumentException if the number of values is neither one nor the number of spatial dimensions
     */
    public final void padding(long... newPadding) {
        padding = Sizes.check("padding", dims, newPadding);
    }

    /** Returns whether windows that extend beyond the end are included. */
    public final boolean ceilMode() {
        return ceilMode;
    }

    /** Sets {@link #ceilMode()}. */
    public final void ceilMode(boolean newCeilMode) {
        ceilMode = newCeilMode;
    }

    /** Returns whether the zeros of the padding count as elements of a window. */
    public final boolean countIncludePad() {
        return countIncludePad;
    }

    /** Sets {@link #countIncludePad()}. */
    public final void countIncludePad(boolean newCountIncludePad) {
        countIncludePad = newCountIncludePad;
    }

    /** Returns the number by which the sum of a window is divided; null for the number of elements. */
    public final @Nullable Long divisorOverride() {
        return divisorOverride;
    }

    /**
     * Sets {@link #divisorOverride()}.
     *
     * @throws IllegalArgumentException if it is not null and the pooling has one dimension
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
