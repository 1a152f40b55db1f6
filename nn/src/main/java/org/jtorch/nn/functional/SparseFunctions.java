package org.jtorch.nn.functional;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.nn.internal.Arguments;
import org.jtorch.nn.internal.PythonText;

/** Embeddings of {@link F}. */
abstract class SparseFunctions extends AttentionFunctions {

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
     * @throws IllegalArgumentException if {@code paddingIdx} is no row
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

    /** The means of the bags (B, N) of rows: {@link #embeddingBag(Tensor, Tensor, Tensor)} of bags of the same size. */
    public static Tensor embeddingBag(Tensor input, Tensor weight) {
        return embeddingBag(input, weight, null);
    }

    /** {@link #embeddingBag(Tensor, Tensor, Tensor, Double, double, boolean, String, boolean, Tensor, boolean, Long)}: means. */
    public static Tensor embeddingBag(Tensor input, Tensor weight, @Nullable Tensor offsets) {
        return embeddingBag(input, weight, offsets, null, 2.0, false, "mean", false, null, false, null);
    }

    /**
     * Sums, means or maxima over bags of rows.
     *
     * @param input indices, int32 or int64, (B, N), bags of the same size, or (N)
     * @param weight (num, dim)
     * @param offsets where in {@code input} (N) each bag begins, (B); null if the input is (B, N)
     * @param maxNorm rows whose norm is greater are scaled down to it first, in {@code weight} itself; or null
     * @param normType which norm that is
     * @param scaleGradByFreq whether a row's gradient is divided by how often it is named; not for maxima
     * @param mode {@code sum}, {@code mean} or {@code max}
     * @param sparse whether the gradient of {@code weight} is a sparse tensor; not for maxima
     * @param perSampleWeights weights shaped as the input, for sums; or null for ones
     * @param includeLastOffset whether the offsets end with the input's size
     * @param paddingIdx the row that counts nothing, negative counts from the last; or null
     * @return (B, dim)
     * @throws IllegalArgumentException if the arguments do not fit each other
     */
    public static Tensor embeddingBag(
            Tensor input,
            Tensor weight,
            @Nullable Tensor offsets,
            @Nullable Double maxNorm,
            double normType,
            boolean scaleGradByFreq,
            String mode,
            boolean sparse,
            @Nullable Tensor perSampleWeights,
            boolean includeLastOffset,
            @Nullable Long paddingIdx) {
        int modeCode = List.of("sum", "mean", "max").indexOf(mode);
        checkBags(input, weight, offsets, perSampleWeights);
        if (modeCode < 0) {
            throw new IllegalArgumentException("mode has to be one of sum, mean or max, but is " + mode);
        }
        if (mode.equals("max") && scaleGradByFreq) {
            throw new IllegalArgumentException("max mode does not support scaling the gradient by the frequency");
        }
        if (mode.equals("max") && sparse) {
            throw new IllegalArgumentException("max mode does not support sparse weights");
        }
        if (perSampleWeights != null && !mode.equals("sum")) {
            throw new IllegalArgumentException(
                    "embedding_bag: per_sample_weights was not None. per_sample_weights is only"
                            + " supported for mode='sum' (got mode='" + mode + "').");
        }
        if (maxNorm != null) {
            try (GradMode grads = Autograd.noGrad()) {
                weight.embeddingRenorm_(input, maxNorm, normType);
            }
        }
        Long paddingRow = Arguments.paddingRow(paddingIdx, weight.size(0));
        boolean sameSize = offsets == null;
        Tensor begins = offsets == null
                ? Torch.arange(
                        0,
                        input.numel(),
                        input.size(1),
                        TensorOptions.DEFAULT.dtype(input.dtype()).device(input.device()))
                : offsets;
        boolean scaledHere = scaleGradByFreq && !sparse;
        Tensor rows = scaledHere ? FrequencyScaling.of(weight, input) : weight;
        return rows.embeddingBag(
                        sameSize ? input.reshape(-1) : input,
                        begins,
                        scaleGradByFreq && !scaledHere,
                        modeCode,
                        sparse,
                        perSampleWeights == null ? null : perSampleWeights.reshape(-1),
                        !sameSize && includeLastOffset,
                        paddingRow)
                .get(0);
    }

    private static void checkBags(
            Tensor input, Tensor weight, @Nullable Tensor offsets, @Nullable Tensor perSampleWeights) {
        if (perSampleWeights != null && !Arrays.equals(input.shape(), perSampleWeights.shape())) {
            throw new IllegalArgumentException("embedding_bag: If per_sample_weights ("
                    + PythonText.size(perSampleWeights.shape())
                    + ") is not None, then it must have the same shape as the input ("
                    + PythonText.size(input.shape()) + ")");
        }
        if (weight.dim() != 2) {
            throw new IllegalArgumentException(
                    "weight has to be a 2D Tensor, but got Tensor of dimension " + weight.dim());
        }
        if (input.dim() == 2) {
            if (offsets != null) {
                throw new IllegalArgumentException(
                        "if input is 2D, then offsets has to be None, as input is treated is a"
                                + " mini-batch of fixed length sequences. However, found offsets of shape "
                                + PythonText.size(offsets.shape()));
            }
        } else if (input.dim() == 1) {
            if (offsets == null) {
                throw new IllegalArgumentException("offsets has to be a 1D Tensor but got None");
            }
            if (offsets.dim() != 1) {
                throw new IllegalArgumentException("offsets has to be a 1D Tensor, but is " + offsets.dim() + "D");
            }
        } else {
            throw new IllegalArgumentException(
                    "input has to be 1D or 2D Tensor, but got Tensor of dimension " + input.dim());
        }
    }
}
