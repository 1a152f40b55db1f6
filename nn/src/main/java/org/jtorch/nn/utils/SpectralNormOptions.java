package org.jtorch.nn.utils;

import org.jspecify.annotations.Nullable;

/** The optional arguments of spectral normalisation, the old form's and the parametrization's. */
public final class SpectralNormOptions {

    private int nPowerIterations = 1;
    private double eps = 1e-12;
    private @Nullable Integer dim;

    /** Iterations of the power method at each computation in training mode; default 1. */
    public SpectralNormOptions nPowerIterations(int newNPowerIterations) {
        nPowerIterations = newNPowerIterations;
        return this;
    }

    /** Sets the least length that a vector is divided by; the default is 1e-12. */
    public SpectralNormOptions eps(double newEps) {
        eps = newEps;
        return this;
    }

    /** Sets the dimension that counts the outputs; the default is 0, or 1 for transposed convolutions. */
    public SpectralNormOptions dim(@Nullable Integer newDim) {
        dim = newDim;
        return this;
    }

    /** See {@link #nPowerIterations(int)}. */
    public int nPowerIterations() {
        return nPowerIterations;
    }

    /** See {@link #eps(double)}. */
    public double eps() {
        return eps;
    }

    /** See {@link #dim(Integer)}. */
    public @Nullable Integer dim() {
        return dim;
    }
}
