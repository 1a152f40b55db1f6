package org.jtorch.nn.functional;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.internal.Arguments;

/** Rows of a weight selected by indices, and bags of rows. */
final class Embeddings {

    private Embeddings() {}

    static Tensor embedding(
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

    static Tensor embeddingBag(
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
