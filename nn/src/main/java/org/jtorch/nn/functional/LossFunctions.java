package org.jtorch.nn.functional;

import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.nn.internal.PythonText;

/** Losses of {@link F} between classes, and margins. */
abstract class LossFunctions extends RegressionFunctions {

    LossFunctions() {}

    /** {@link #crossEntropy(Tensor, Tensor, Tensor, long, Reduction, double)}, unweighted, the mean. */
    public static Tensor crossEntropy(Tensor input, Tensor target) {
        return crossEntropy(input, target, null, -100, Reduction.MEAN, 0.0);
    }

    /**
     * Cross entropy between a target and the softmax of {@code input}: {@code -weight[y] * log_softmax(x)[y]} for a class
     * {@code y}.
     *
     * @param input logits, (N, C), (N, C, d1, …) or (C)
     * @param target classes, int64, (N), (N, d1, …) or (); or probabilities, shaped as the input
     * @param weight the classes' weights (C), or null
     * @param ignoreIndex the class whose elements count nothing
     * @param reduction what to do with the elements' losses
     * @param labelSmoothing the share of the target that is spread evenly over all classes, 0 to 1
     * @return a scalar, or, unreduced, shaped as the target of classes
     */
    public static Tensor crossEntropy(
            Tensor input,
            Tensor target,
            @Nullable Tensor weight,
            long ignoreIndex,
            Reduction reduction,
            double labelSmoothing) {
        return input.crossEntropyLoss(target, weight, reduction.code(), ignoreIndex, labelSmoothing);
    }

    /** {@link #nllLoss(Tensor, Tensor, Tensor, long, Reduction)}, unweighted, the mean. */
    public static Tensor nllLoss(Tensor input, Tensor target) {
        return nllLoss(input, target, null, -100, Reduction.MEAN);
    }

    /**
     * Negative log likelihood: {@code -weight[y] * x[y]} for a class {@code y}.
     *
     * @param input log probabilities, (N, C), (N, C, d1, …) or (C)
     * @param target classes, int64, (N), (N, d1, …) or ()
     * @param weight the classes' weights (C), or null
     * @param ignoreIndex the class whose elements count nothing
     * @param reduction what to do with the elements' losses; the mean is weighted
     * @return a scalar, or, unreduced, shaped as the target
     */
    public static Tensor nllLoss(
            Tensor input, Tensor target, @Nullable Tensor weight, long ignoreIndex, Reduction reduction) {
        return input.nllLoss(target, weight, reduction.code(), ignoreIndex);
    }

    /** {@link #binaryCrossEntropy(Tensor, Tensor, Tensor, Reduction)}, unweighted, the mean. */
    public static Tensor binaryCrossEntropy(Tensor input, Tensor target) {
        return binaryCrossEntropy(input, target, null, Reduction.MEAN);
    }

    /**
     * Cross entropy of probabilities: {@code -w (y log(x) + (1 - y) log(1 - x))}, logarithms below -100 taken for -100.
     *
     * @param input probabilities, any shape
     * @param target the same shape, 0 to 1
     * @param weight one that broadcasts with them, or null for ones
     * @param reduction what to do with the elements' losses
     * @return a scalar, or, unreduced, shaped as the input
     * @throws IllegalArgumentException if the shapes differ
     */
    public static Tensor binaryCrossEntropy(Tensor input, Tensor target, @Nullable Tensor weight, Reduction reduction) {
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

    /** {@link #binaryCrossEntropyWithLogits(Tensor, Tensor, Tensor, Reduction, Tensor)}, unweighted, the mean. */
    public static Tensor binaryCrossEntropyWithLogits(Tensor input, Tensor target) {
        return binaryCrossEntropyWithLogits(input, target, null, Reduction.MEAN, null);
    }

    /**
     * Cross entropy of logits: {@code -w (p y log(sigmoid(x)) + (1 - y) log(1 - sigmoid(x)))}, stable.
     *
     * @param input logits, any shape
     * @param target the same shape, 0 to 1
     * @param weight one that broadcasts with them, or null for ones
     * @param reduction what to do with the elements' losses
     * @param posWeight the weights p of positive elements, broadcast too, or null for ones
     * @return a scalar, or, unreduced, shaped as the input
     * @throws IllegalArgumentException if the shapes differ
     */
    public static Tensor binaryCrossEntropyWithLogits(
            Tensor input, Tensor target, @Nullable Tensor weight, Reduction reduction, @Nullable Tensor posWeight) {
        if (!Arrays.equals(input.shape(), target.shape())) {
            throw new IllegalArgumentException("Target size (" + PythonText.size(target.shape())
                    + ") must be the same as input size (" + PythonText.size(input.shape()) + ")");
        }
        return input.binaryCrossEntropyWithLogits(target, weight, posWeight, reduction.code());
    }

    /** {@link #klDiv(Tensor, Tensor, Reduction, boolean)}, the mean over all elements. */
    public static Tensor klDiv(Tensor input, Tensor target) {
        return klDiv(input, target, Reduction.MEAN, false);
    }

    /**
     * Kullback-Leibler divergence of {@code target} from {@code input}: {@code y (log(y) - x)}.
     *
     * @param input log probabilities, any shape
     * @param target probabilities, or their logarithms, of the same shape
     * @param reduction what to do with the elements' losses; {@link Reduction#BATCHMEAN} is the divergence as mathematics
     *     defines it
     * @param logTarget whether the target is logarithms
     * @return a scalar, or, unreduced, shaped as the input
     */
    public static Tensor klDiv(Tensor input, Tensor target, Reduction reduction, boolean logTarget) {
        if (reduction != Reduction.BATCHMEAN) {
            return input.klDiv(target, reduction.code(), logTarget);
        }
        Tensor sum = input.klDiv(target, Reduction.SUM.code(), logTarget);
        return input.dim() == 0 ? sum : sum.div(input.size(0));
    }

    /** {@link #softMarginLoss(Tensor, Tensor, Reduction)}, the mean. */
    public static Tensor softMarginLoss(Tensor input, Tensor target) {
        return softMarginLoss(input, target, Reduction.MEAN);
    }

    /** {@code log(1 + exp(-y x))} for targets 1 and -1 shaped as the input: a scalar, or, unreduced, the same shape. */
    public static Tensor softMarginLoss(Tensor input, Tensor target, Reduction reduction) {
        return input.softMarginLoss(target, reduction.code());
    }

    /** {@link #hingeEmbeddingLoss(Tensor, Tensor, double, Reduction)}, with a margin of 1, the mean. */
    public static Tensor hingeEmbeddingLoss(Tensor input, Tensor target) {
        return hingeEmbeddingLoss(input, target, 1.0, Reduction.MEAN);
    }

    /**
     * {@code x} where the target is 1, {@code max(0, margin - x)} where it is -1.
     *
     * @param input any shape
     * @param target the same shape
     * @return a scalar, or, unreduced, the same shape
     */
    public static Tensor hingeEmbeddingLoss(Tensor input, Tensor target, double margin, Reduction reduction) {
        return input.hingeEmbeddingLoss(target, margin, reduction.code());
    }

    /** {@link #multilabelMarginLoss(Tensor, Tensor, Reduction)}, the mean. */
    public static Tensor multilabelMarginLoss(Tensor input, Tensor target) {
        return multilabelMarginLoss(input, target, Reduction.MEAN);
    }

    /**
     * Hinge loss of several classes a sample.
     *
     * @param input (N, C) or (C)
     * @param target classes, int64, of the same shape, up to the first -1
     * @return a scalar, or, unreduced, (N) or ()
     */
    public static Tensor multilabelMarginLoss(Tensor input, Tensor target, Reduction reduction) {
        return input.multilabelMarginLoss(target, reduction.code());
    }

    /** {@link #multilabelSoftMarginLoss(Tensor, Tensor, Tensor, Reduction)}, unweighted, the mean. */
    public static Tensor multilabelSoftMarginLoss(Tensor input, Tensor target) {
        return multilabelSoftMarginLoss(input, target, null, Reduction.MEAN);
    }

    /**
     * Cross entropy of logits, the mean over classes: {@code -w (y log(sigmoid(x)) + (1 - y) log(sigmoid(-x)))}.
     *
     * @param input (…, C)
     * @param target 0 or 1, of the same shape
     * @param weight (C), or null for ones
     * @return a scalar, or, unreduced, (…)
     */
    public static Tensor multilabelSoftMarginLoss(
            Tensor input, Tensor target, @Nullable Tensor weight, Reduction reduction) {
        Tensor likelihood = target.mul(input.logSigmoid())
                .add(target.rsub(1).mul(input.neg().logSigmoid()));
        Tensor losses = weight == null ? likelihood.neg() : likelihood.neg().mul(weight);
        return reduction.apply(losses.sum(-1).div(input.size(-1)));
    }

    /** {@link #multiMarginLoss(Tensor, Tensor, long, double, Tensor, Reduction)}, with exponent and margin 1, unweighted, the mean. */
    public static Tensor multiMarginLoss(Tensor input, Tensor target) {
        return multiMarginLoss(input, target, 1, 1.0, null, Reduction.MEAN);
    }

    /**
     * Hinge loss over classes: the sum over classes i beside the target's of {@code w[y] max(0, margin - x[y] + x[i])^p / C}.
     *
     * @param input (N, C) or (C)
     * @param target classes, int64, (N) or ()
     * @param p the exponent, 1 or 2
     * @param margin by how much the right class should be ahead
     * @param weight (C), or null for ones
     * @return a scalar, or, unreduced, shaped as the target
     * @throws IllegalArgumentException if p is neither 1 nor 2, or the weight is not one-dimensional
     */
    public static Tensor multiMarginLoss(
            Tensor input, Tensor target, long p, double margin, @Nullable Tensor weight, Reduction reduction) {
        if (p != 1 && p != 2) {
            throw new IllegalArgumentException("only p == 1 and p == 2 supported, but p is " + p);
        }
        if (weight != null && weight.dim() != 1) {
            throw new IllegalArgumentException("weight must be one-dimensional, but is " + weight.dim() + "D");
        }
        return input.multiMarginLoss(target, p, margin, weight, reduction.code());
    }

    /** {@link #cosineEmbeddingLoss(Tensor, Tensor, Tensor, double, Reduction)}, without a margin, the mean. */
    public static Tensor cosineEmbeddingLoss(Tensor input1, Tensor input2, Tensor target) {
        return cosineEmbeddingLoss(input1, input2, target, 0.0, Reduction.MEAN);
    }

    /**
     * {@code 1 - cos(x1, x2)} where the target is 1, {@code max(0, cos(x1, x2) - margin)} where it is -1.
     *
     * @param input1 (N, D) or (D)
     * @param input2 the same shape
     * @param target (N) or ()
     * @return a scalar, or, unreduced, shaped as the target
     */
    public static Tensor cosineEmbeddingLoss(
            Tensor input1, Tensor input2, Tensor target, double margin, Reduction reduction) {
        return input1.cosineEmbeddingLoss(input2, target, margin, reduction.code());
    }

    /** {@link #marginRankingLoss(Tensor, Tensor, Tensor, double, Reduction)}, without a margin, the mean. */
    public static Tensor marginRankingLoss(Tensor input1, Tensor input2, Tensor target) {
        return marginRankingLoss(input1, input2, target, 0.0, Reduction.MEAN);
    }

    /**
     * {@code max(0, -y (x1 - x2) + margin)}.
     *
     * @param input1 (N) or ()
     * @param input2 the same shape
     * @param target 1 or -1, the same shape
     * @return a scalar, or, unreduced, the same shape
     * @throws TorchException if the numbers of dimensions differ
     */
    public static Tensor marginRankingLoss(
            Tensor input1, Tensor input2, Tensor target, double margin, Reduction reduction) {
        if (input1.dim() != input2.dim() || input1.dim() != target.dim()) {
            throw new TorchException(
                    "margin_ranking_loss : All input tensors should have same dimension but got sizes: input1: "
                            + PythonText.size(input1.shape()) + ", input2: " + PythonText.size(input2.shape())
                            + ", target: " + PythonText.size(target.shape()) + " ");
        }
        return input1.marginRankingLoss(input2, target, margin, reduction.code());
    }

    /** {@link #tripletMarginLoss(Tensor, Tensor, Tensor, double, double, double, boolean, Reduction)}, with a margin of 1 and Euclid's norm, the mean. */
    public static Tensor tripletMarginLoss(Tensor anchor, Tensor positive, Tensor negative) {
        return tripletMarginLoss(anchor, positive, negative, 1.0, 2.0, 1e-6, false, Reduction.MEAN);
    }

    /**
     * {@code max(0, |a - p| - |a - n| + margin)}.
     *
     * @param anchor (N, D) or (D)
     * @param positive the same shape
     * @param negative the same shape
     * @param margin by how much the negative should be farther
     * @param p which norm
     * @param eps what is added so that there is a gradient at zero
     * @param swap whether the distance of positive and negative counts where it is less than the anchor's
     * @return a scalar, or, unreduced, (N) or ()
     * @throws IllegalArgumentException if the margin is not positive
     */
    public static Tensor tripletMarginLoss(
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

    /** {@link #tripletMarginWithDistanceLoss(Tensor, Tensor, Tensor, BinaryOperator, double, boolean, Reduction)}, with a margin of 1 and Euclid's distance, the mean. */
    public static Tensor tripletMarginWithDistanceLoss(Tensor anchor, Tensor positive, Tensor negative) {
        return tripletMarginWithDistanceLoss(anchor, positive, negative, null, 1.0, false, Reduction.MEAN);
    }

    /**
     * {@code max(0, d(a, p) - d(a, n) + margin)}.
     *
     * @param anchor any shape
     * @param positive as many dimensions
     * @param negative as many dimensions
     * @param distanceFunction d; null: {@link #pairwiseDistance(Tensor, Tensor)}
     * @param margin by how much the negative should be farther
     * @param swap whether the distance of positive and negative counts where it is less than the anchor's
     * @return a scalar, or, unreduced, shaped as the distance
     * @throws IllegalArgumentException if the margin is not positive
     * @throws TorchException if the numbers of dimensions differ
     */
    public static Tensor tripletMarginWithDistanceLoss(
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
        BinaryOperator<Tensor> distance =
                distanceFunction == null ? RegressionFunctions::pairwiseDistance : distanceFunction;
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

    /** {@link #ctcLoss(Tensor, Tensor, Tensor, Tensor, long, Reduction, boolean)}, 0 being the blank, the mean. */
    public static Tensor ctcLoss(Tensor logProbs, Tensor targets, Tensor inputLengths, Tensor targetLengths) {
        return ctcLoss(logProbs, targets, inputLengths, targetLengths, 0, Reduction.MEAN, false);
    }

    /**
     * Connectionist temporal classification.
     *
     * @param logProbs log probabilities of the classes at each step, (T, N, C) or (T, C)
     * @param targets classes without blanks, (N, S), padded, or all one after another
     * @param inputLengths how many steps each sample has, int64, (N) or ()
     * @param targetLengths how many classes each target has, int64, (N) or ()
     * @param blank the class that stands for nothing
     * @param reduction what to do with the samples' losses; for the mean each is divided by the target's length
     * @param zeroInfinity whether an impossible target counts zero, not infinity
     * @return a scalar, or, unreduced, (N) or ()
     */
    public static Tensor ctcLoss(
            Tensor logProbs,
            Tensor targets,
            Tensor inputLengths,
            Tensor targetLengths,
            long blank,
            Reduction reduction,
            boolean zeroInfinity) {
        return logProbs.ctcLoss(targets, inputLengths, targetLengths, blank, reduction.code(), zeroInfinity);
    }
}
