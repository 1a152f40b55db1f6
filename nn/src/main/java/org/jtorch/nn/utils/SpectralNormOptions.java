package org.jtorch.nn.utils;

import org.jspecify.annotations.Nullable;

/** The optional arguments of spectral normalization, of both the older form and the parametrization. */
public final class SpectralNormOptions {

    private int nPowerIterations = 1;
    private double eps = 1e-12;
    private @Nullable Integer dim;

    /** Sets the number of iterations of the power method at each computation in training mode; the default is 1. */
    public SpectralNormOptions nPowerIterations(int newNPowerIterations) {
        nPowerIterations = newNPowerIterations;
        return this;
    }

    /** Sets the least length by which a vector is divided; the default is 1e-12. */
    public SpectralNormOptions eps(double newEps) {
        eps = newEps;
        return this;
    }

    /** Sets the dimension of the outputs; the default is 0, or 1 for transposed convolutions. */
    public SpectralNormOptions dim(@Nullable Integer newDim) {
        dim = newDim;
        return this;
    }

    /** Returns the number set by {@link #nPowerIterations(int)}. */
    public int nPowerIterations() {
        return nPowerIterations;
    }

    /** Returns the number set by {@link #eps(double)}. */
    public double eps() {
        return eps;
    }

    /** Returns the dimension set by {@link #dim(Integer)}, or null. */
    public @Nullable Integer dim() {
        return dim;
    }
}
