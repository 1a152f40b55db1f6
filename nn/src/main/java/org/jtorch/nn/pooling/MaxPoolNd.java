package org.jtorch.nn.pooling;

import java.util.function.Consumer;
import org.jtorch.nn.Layer;

/** What max poolings share that give values only. */
public abstract class MaxPoolNd extends Layer {

    MaxPoolArguments a;

    MaxPoolNd(int dims, long[] kernelSize, Consumer<MaxPoolOptions> options) {
        a = MaxPoolArguments.of(dims, kernelSize, options);
    }

    /** Returns the windows' size, one number for all spatial dimensions or one for each; a copy. */
    public final long[] kernelSize() {
        return a.kernelSize.clone();
    }

    /**
     * Sets {@link #kernelSize()}.
     *
     * @throws IllegalArgumentException if there are neither one nor as many as spatial dimensions
     */
    public final void kernelSize(long... newKernelSize) {
        a = a.withKernelSize(newKernelSize);
    }

    /** Returns the windows' distance, one number for all spatial dimensions or one for each; a copy. */
    public final long[] stride() {
        return a.stride.clone();
    }

    /**
     * Sets {@link #stride()}.
     *
     * @throws IllegalArgumentException if there are neither one nor as many as spatial dimensions
     */
    public final void stride(long... newStride) {
        a = a.withStride(newStride);
    }

    /**
     * Returns what is added on both sides, of negative infinity, one number for all spatial dimensions or one for each; a copy.
     */
    public final long[] padding() {
        return a.padding.clone();
    }

    /**
     * Sets {@link #padding()}.
     *
     * @throws IllegalArgumentException if there are neither one nor as many as spatial dimensions
     */
    public final void padding(long... newPadding) {
        a = a.withPadding(newPadding);
    }

    /** Returns the distance between a window's points, one number for all spatial dimensions or one for each; a copy. */
    public final long[] dilation() {
        return a.dilation.clone();
    }

    /**
     * Sets {@link #dilation()}.
     *
     * @throws IllegalArgumentException if there are neither one nor as many as spatial dimensions
     */
    public final void dilation(long... newDilation) {
        a = a.withDilation(newDilation);
    }

    /** Returns whether a window that reaches over the end counts. */
    public final boolean ceilMode() {
        return a.ceilMode;
    }

    /** Sets {@link #ceilMode()}. */
    public final void ceilMode(boolean newCeilMode) {
        a = a.withCeilMode(newCeilMode);
    }

    /** Returns whether the places are given too: no, {@link MaxPoolNdWithIndices} does. */
    public final boolean returnIndices() {
        return false;
    }

    @Override
    protected String extraRepr() {
        return a.toString();
    }
}
