package org.jtorch.nn.functional;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.internal.text.PythonText;

/** Losses between probabilities. */
final class ClassLosses {

    private ClassLosses() {}

    static Tensor binaryCrossEntropy(Tensor input, Tensor target, @Nullable Tensor weight, Reduction reduction) {
        if (!Arrays.equals(input.shape(), target.shape())) {
            throw new IllegalArgumentException("Using a target size (" + PythonText.size(target.shape())
                    + ") that is different to the input size (" + PythonText.size(input.shape())
                    + ") is deprecated. Please ensure they have the same size.");
        }
        Tensor expanded = weight == null
                ? null
                : Torch.broadcastTensors(List.of(target, weight)).get(1);
        return input.binaryCrossEntropy(target, expanded, reduction.code());
    }

    static Tensor binaryCrossEntropyWithLogits(
            Tensor input, Tensor target, @Nullable Tensor weight, Reduction reduction, @Nullable Tensor posWeight) {
        if (!Arrays.equals(input.shape(), target.shape())) {
            throw new IllegalArgumentException("Target size (" + PythonText.size(target.shape())
                    + ") must be the same as input size (" + PythonText.size(input.shape()) + ")");
        }
        return input.binaryCrossEntropyWithLogits(target, weight, posWeight, reduction.code());
    }

    static Tensor klDiv(Tensor input, Tensor target, Reduction reduction, boolean logTarget) {
        if (reduction != Reduction.BATCHMEAN) {
            return input.klDiv(target, reduction.code(), logTarget);
        }
        Tensor sum = input.klDiv(target, Reduction.SUM.code(), logTarget);
        return input.dim() == 0 ? sum : sum.div(input.size(0));
    }
}
