package org.jtorch.nn.sparse;

import org.jspecify.annotations.Nullable;
import org.jtorch.nn.LayerOptions;

/**
 * The optional arguments of {@link Embedding} and {@link EmbeddingBag}.
 *
 * @param <S> the options class itself, so that calls can be chained
 */
public abstract class EmbeddingOptions<S extends EmbeddingOptions<S>> extends LayerOptions<S> {

    @Nullable
    Long paddingIdx;

    @Nullable
    Number maxNorm;

    Number normType = 2.0;
    boolean scaleGradByFreq;
    boolean sparse;

    /** Sets the padding row, which is initially zero and receives no gradient. A negative index counts from the last row. */
    public S paddingIdx(long newPaddingIdx) {
        paddingIdx = newPaddingIdx;
        return self();
    }

    /**
     * Sets the norm to which rows with a greater norm are scaled down when they are looked up; by default none are.
     * {@link #toString} of the layer shows it as given.
     */
    public S maxNorm(Number newMaxNorm) {
        maxNorm = newMaxNorm;
        return self();
    }

    /**
     * Sets the exponent p of the norm for {@code maxNorm}; the default is 2. {@link #toString} of the layer shows it as given.
     */
    public S normType(Number newNormType) {
        normType = newNormType;
        return self();
    }

    /**
     * Sets whether the gradient of a row is divided by the number of times that the row occurs in the batch; the default is
     * {@code false}.
     */
    public S scaleGradByFreq(boolean newScaleGradByFreq) {
        scaleGradByFreq = newScaleGradByFreq;
        return self();
    }

    /** Sets whether the gradient of the weight is a sparse tensor; the default is {@code false}. */
    public S sparse(boolean newSparse) {
        sparse = newSparse;
        return self();
    }

    EmbeddingOptions() {}
}
