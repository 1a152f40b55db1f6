package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Layer;
import org.jtorch.nn.internal.Sizes;

/** The base class of poolings by norms: their arguments. */
public abstract class LPPoolNd extends Layer {

    /** The optional arguments of poolings by norms. */
    public static final class Options {
        private long @Nullable [] stride;
        private boolean ceilMode;

        private Options() {}

        /** Sets the stride of the windows; the default is the kernel size, so that the windows do not overlap. */
        public Options stride(long... newStride) {
            stride = newStride.clone();
            return this;
        }

        /** Sets whether windows that extend beyond the end are included; the default is {@code false}. */
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

    /** Returns the exponent p of the norm. */
    public final double normType() {
        return normType;
    }

    /**
     * Sets {@link #normType()}; {@link #toString} shows it as given.
     *
     * @throws IllegalArgumentException if it is 0
     */
    public final void normType(Number newNormType) {
        normType = nonZero(newNormType);
        shownNormType = newNormType;
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

    /**
     * Returns a copy of the stride of the windows: one number for all spatial dimensions or one for each; or null if it is the
     * size of the windows.
     */
    public final long @Nullable [] stride() {
        return stride == null ? null : stride.clone();
    }

    /**
     * Sets {@link #stride()}.
     *
     * @throws IllegalArgumentException if the number of values is neither one nor the number of spatial dimensions
     */
    public final void stride(long @Nullable ... newStride) {
        stride = newStride == null ? null : Sizes.check("stride", dims, newStride);
    }

    /** Returns whether windows that extend beyond the end are included. */
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
