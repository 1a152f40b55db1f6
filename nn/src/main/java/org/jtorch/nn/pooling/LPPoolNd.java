package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Layer;
import org.jtorch.nn.internal.Sizes;

/** What poolings by norms share: their arguments. */
public abstract class LPPoolNd extends Layer {

    /** The optional arguments of poolings by norms. */
    public static final class Options {
        private long @Nullable [] stride;
        private boolean ceilMode;

        private Options() {}

        /** Sets the windows' distance; the default is the kernel's size, so that they do not overlap. */
        public Options stride(long... newStride) {
            stride = newStride.clone();
            return this;
        }

        /** Sets whether a window that reaches over the end counts; the default is {@code false}. */
        public Options ceilMode(boolean newCeilMode) {
            ceilMode = newCeilMode;
            return this;
        }
    }

    private final int dims;
    double normType;
    long[] kernelSize;
    long @Nullable [] stride;
    boolean ceilMode;
    private Number shownNormType;

    LPPoolNd(int dims, Number normType, long[] kernelSize, Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
        this.dims = dims;
        this.normType = nonZero(normType);
        shownNormType = normType;
        this.kernelSize = Sizes.check("kernel_size", dims, kernelSize);
        stride = o.stride == null ? null : Sizes.check("stride", dims, o.stride);
        ceilMode = o.ceilMode;
    }

    private static double nonZero(Number normType) {
        if (normType.doubleValue() == 0) {
            throw new IllegalArgumentException(
                    "norm_type must be a non-zero value, but got " + PythonText.number(normType));
        }
        return normType.doubleValue();
    }

    /** Returns which norm. */
    public final double normType() {
        return normType;
    }

    /**
     * Sets {@link #normType()}; it is shown as it is given.
     *
     * @throws IllegalArgumentException if it is zero
     */
    public final void normType(Number newNormType) {
        normType = nonZero(newNormType);
        shownNormType = newNormType;
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

    /**
     * Returns the windows' distance, one number for all spatial dimensions or one for each; null: the windows' size. A copy.
     */
    public final long @Nullable [] stride() {
        return stride == null ? null : stride.clone();
    }

    /**
     * Sets {@link #stride()}.
     *
     * @throws IllegalArgumentException if there are neither one nor as many as spatial dimensions
     */
    public final void stride(long @Nullable ... newStride) {
        stride = newStride == null ? null : Sizes.check("stride", dims, newStride);
    }

    /** Returns whether a window that reaches over the end counts. */
    public final boolean ceilMode() {
        return ceilMode;
    }

    /** Sets {@link #ceilMode()}. */
    public final void ceilMode(boolean newCeilMode) {
        ceilMode = newCeilMode;
    }

    @Override
    protected String extraRepr() {
        return "norm_type=" + PythonText.number(shownNormType) + ", kernel_size=" + PythonText.intOrTuple(kernelSize)
                + ", stride=" + (stride == null ? "None" : PythonText.intOrTuple(stride)) + ", ceil_mode="
                + PythonText.of(ceilMode);
    }
}
