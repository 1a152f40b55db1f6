package org.jtorch.nn.utils.parametrizations;

import org.jspecify.annotations.Nullable;

/** The optional arguments of {@link Parametrizations#orthogonal}. */
public final class OrthogonalOptions {

    private @Nullable String orthogonalMap;
    private boolean useTrivialization = true;

    OrthogonalOptions() {}

    /**
     * {@code "matrix_exp"}, {@code "cayley"} or {@code "householder"}; default: {@code "matrix_exp"} for square and complex
     * matrices, else {@code "householder"}.
     */
    public OrthogonalOptions orthogonalMap(@Nullable String newOrthogonalMap) {
        orthogonalMap = newOrthogonalMap;
        return this;
    }

    /**
     * Sets whether what is learned is a rotation away from a matrix that is kept beside it, {@code base}; the default is
     * {@code true}.
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
