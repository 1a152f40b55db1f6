package org.jtorch.nn.functional;

import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.internal.text.PythonText;

/** Losses with a margin, which is a difference that scores should keep. */
final class MarginLosses {

    private MarginLosses() {}

    static Tensor multilabelSoftMarginLoss(Tensor input, Tensor target, @Nullable Tensor weight, Reduction reduction) {
        Tensor likelihood = target.mul(input.logSigmoid())
                .add(target.rsub(1).mul(input.neg().logSigmoid()));
        Tensor losses = weight == null ? likelihood.neg() : likelihood.neg().mul(weight);
        return reduction.apply(losses.sum(-1).div(input.size(-1)));
    }

    static Tensor multiMarginLoss(
            Tensor input, Tensor target, long p, double margin, @Nullable Tensor weight, Reduction reduction) {
        if (p != 1 && p != 2) {
            throw new IllegalArgumentException("only p == 1 and p == 2 supported, but p is " + p);
        }
        if (weight != null && weight.dim() != 1) {
            throw new IllegalArgumentException("weight must be one-dimensional, but is " + weight.dim() + "D");
        }
        return input.multiMarginLoss(target, p, margin, weight, reduction.code());
    }

    static Tensor marginRankingLoss(Tensor input1, Tensor input2, Tensor target, double margin, Reduction reduction) {
        if (input1.dim() != input2.dim() || input1.dim() != target.dim()) {
            throw new TorchException(
                    "margin_ranking_loss : All input tensors should have same dimension but got sizes: input1: "
                            + PythonText.size(input1.shape()) + ", input2: " + PythonText.size(input2.shape())
                            + ", target: " + PythonText.size(target.shape()) + " ");
        }
        return input1.marginRankingLoss(input2, target, margin, reduction.code());
    }

    static Tensor tripletMarginLoss(
            Tensor anchor,
            Tensor positive,
            Tensor negative,
            double margin,
            double p,
            double eps,
            boolean swap,
            Reduction reduction) {
        return anchor.tripletMarginLoss(positive, negative, positiveMargin(margin), p, eps, swap, reduction.code());
    }

    static Tensor tripletMarginWithDistanceLoss(
            Tensor anchor,
            Tensor positive,
            Tensor negative,
            @Nullable BinaryOperator<Tensor> distanceFunction,
            double margin,
            boolean swap,
            Reduction reduction) {
        positiveMargin(margin);
        if (anchor.dim() != positive.dim() || positive.dim() != negative.dim()) {
            throw new TorchException(
                    "The anchor, positive, and negative tensors are expected to have the same number of"
                            + " dimensions, but got: anchor " + anchor.dim() + "D, positive " + positive.dim()
                            + "D, and negative " + negative.dim() + "D inputs");
        }
        BinaryOperator<Tensor> distance = distanceFunction == null ? F::pairwiseDistance : distanceFunction;
        Tensor near = distance.apply(anchor, positive);
        Tensor far = distance.apply(anchor, negative);
        if (swap) {
            far = far.minimum(distance.apply(positive, negative));
        }
        return reduction.apply(near.add(margin).sub(far).clampMin(0));
    }

    private static double positiveMargin(double margin) {
        if (!(margin > 0)) {
            throw new IllegalArgumentException("margin must be greater than 0, got " + PythonText.of(margin));
        }
        return margin;
    }
}
