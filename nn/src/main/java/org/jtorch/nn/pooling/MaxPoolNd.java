package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.nn.Layer;

/** The base class of max poolings that return only values. */
public abstract class MaxPoolNd extends Layer {

    MaxPoolArguments a;

    MaxPoolNd(int dims, long[] kernelSize, Consumer<MaxPoolOptions> options) {
        a = MaxPoolArguments.of(dims, kernelSize, options);
    }

    /** Returns a copy of the size of the windows: one number for all spatial dimensions or one for each. */
    public final long[] kernelSize() {
        return a.kernelSize.clone();
    }

    /**
     * Sets {@link #kernelSize()}.
     *
     * @throws IllegalArgumentException if the number of values is neither one nor the number of spatial dimensions
     */
    public final void kernelSize(long... newKernelSize) {
        a = a.withKernelSize(newKernelSize);
    }

    /** Returns a copy of the stride of the windows: one number for all spatial dimensions or one for each. */
    public final long[] stride() {
        return a.stride.clone();
    }

    /**
     * Sets {@link #stride()}.
     *
     * @throws IllegalArgumentException if the number of values is neither one nor the number of spatial dimensions
     */
    public final void stride(long... newStride) {
        a = a.withStride(newStride);
    }

    /**
     * Returns a copy of the padding of negative infinity on both sides: one number for all spatial dimensions or one for each.
     */
    public final long[] padding() {
        return a.padding.clone();
    }

    /**
     * Sets {@link #padding()}.
     *
     * @throws IllegalArgumentException if the number of values is neither one nor the number of spatial dimensions
     */
    public final void padding(long... newPadding) {
        a = a.withPadding(newPadding);
    }

    /** Returns a copy of the distance between the points of a window: one number for all spatial dimensions or one for each. */
    public final long[] dilation() {
        return a.dilation.clone();
    }

    /**
     * Sets {@link #dilation()}.
     *
     * @throws IllegalArgumentException if the number of values is neither one nor the number of spatial dimensions
     */
    public final void dilation(long... newDilation) {
        a = a.withDilation(newDilation);
    }

    /** Returns whether windows that extend beyond the end are included. */
    public final boolean ceilMode() {
        return a.ceilMode;
    }

    /** Sets {@link #ceilMode()}. */
    public final void ceilMode(boolean newCeilMode) {
        a = a.withCeilMode(newCeilMode);
    }

    /** Returns whether indices are returned too: always false; see {@link MaxPoolNdWithIndices}. */
    public final boolean returnIndices() {
        return false;
    }

    @Override
    protected String extraRepr() {
        return a.toString();
    }
}
