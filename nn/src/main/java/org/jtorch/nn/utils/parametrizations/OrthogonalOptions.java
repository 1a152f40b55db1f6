package org.jtorch.nn.utils.parametrizations;

import org.jspecify.annotations.Nullable;

/** The optional arguments of {@link Parametrizations#orthogonal}. */
public final class OrthogonalOptions {

    private @Nullable String orthogonalMap;
    private boolean useTrivialization = true;

    OrthogonalOptions() {}

    /**
     * Sets the map: {@code "matrix_exp"}, {@code "cayley"} or {@code "householder"}. The default is {@code "matrix_exp"} for
     * square and complex matrices, and {@code "householder"} for others.
     */
    public OrthogonalOptions orthogonalMap(@Nullable String newOrthogonalMap) {
        orthogonalMap = newOrthogonalMap;
        return this;
    }

    /**
     * Sets whether a rotation of a fixed matrix, the buffer {@code base}, is learned instead of the matrix itself; the default
     * is {@code true}.
     */
    public OrthogonalOptions useTrivialization(boolean newUseTrivialization) {
        useTrivialization = newUseTrivialization;
        return this;
    }

    @Nullable
    String orthogonalMap() {
        return orthogonalMap;
    }

    boolean useTrivialization() {
        return useTrivialization;
    }
}
