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

    /** Sets the row that stands for nothing: zero at first, and without gradient; negative counts from the last. */
    public S paddingIdx(long newPaddingIdx) {
        paddingIdx = newPaddingIdx;
        return self();
    }

    /** Rows whose norm is greater are scaled down to it when they are looked up; default: none are. Shown as it is given. */
    public S maxNorm(Number newMaxNorm) {
        maxNorm = newMaxNorm;
        return self();
    }

    /** Sets which norm {@code maxNorm} means; the default is 2. Shown as it is given. */
    public S normType(Number newNormType) {
        normType = newNormType;
        return self();
    }

    /** Sets whether a row's gradient is divided by how often the batch names it; the default is {@code false}. */
    public S scaleGradByFreq(boolean newScaleGradByFreq) {
        scaleGradByFreq = newScaleGradByFreq;
        return self();
    }

    /** Sets whether the weight's gradient is a sparse tensor; the default is {@code false}. */
    public S sparse(boolean newSparse) {
        sparse = newSparse;
        return self();
    }

    EmbeddingOptions() {}
}
