package org.jtorch.nn;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.nn.internal.Arguments;

/** Embeddings of {@link F}. */
abstract class SparseFunctions extends DropoutFunctions {

    SparseFunctions() {}

    /** The rows of {@code weight} (num, dim) that {@code input} (…) names: (…, dim). */
    public static Tensor embedding(Tensor input, Tensor weight) {
        return embedding(input, weight, null, null, 2.0, false, false);
    }

    /**
     * The rows of {@code weight} that {@code input} names.
     *
     * @param input indices of any shape (…), int32 or int64
     * @param weight (num, dim)
     * @param paddingIdx the row that gets no gradient, negative counts from the last; or null
     * @param maxNorm rows whose norm is greater are scaled down to it first, in {@code weight} itself; or null
     * @param normType which norm that is
     * @param scaleGradByFreq whether a row's gradient is divided by how often it is named
     * @param sparse whether the gradient of {@code weight} is a sparse tensor
     * @return (…, dim)
     * @throws IllegalArgumentException where {@code paddingIdx} is no row
     */
    public static Tensor embedding(
            Tensor input,
            Tensor weight,
            @Nullable Long paddingIdx,
            @Nullable Double maxNorm,
            double normType,
            boolean scaleGradByFreq,
            boolean sparse) {
        Long paddingRow = Arguments.paddingRow(paddingIdx, weight.size(0));
        if (maxNorm != null) {
            try (GradMode mode = Autograd.noGrad()) {
                weight.embeddingRenorm_(input, maxNorm, normType);
            }
        }
        return weight.embedding(input, paddingRow == null ? -1 : paddingRow, scaleGradByFreq, sparse);
    }
}
