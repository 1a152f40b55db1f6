package org.jtorch.nn.functional;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.nn.internal.PythonText;
import org.jtorch.nn.internal.Warnings;

/** Losses of {@link F} between numbers. */
abstract class RegressionFunctions extends ShapeFunctions {

    RegressionFunctions() {}

    /** {@link #mseLoss(Tensor, Tensor, Reduction, Tensor)}, unweighted, the mean. */
    public static Tensor mseLoss(Tensor input, Tensor target) {
        return mseLoss(input, target, Reduction.MEAN, null);
    }

    /** {@link #mseLoss(Tensor, Tensor, Reduction, Tensor)}, unweighted. */
    public static Tensor mseLoss(Tensor input, Tensor target, Reduction reduction) {
        return mseLoss(input, target, reduction, null);
    }

    /**
     * Squared error, {@code weight * (x - y)^2}. Shapes that differ are broadcast, which is seldom meant: the first time
     * a warning is logged.
     *
     * @param input any shape
     * @param target the same shape
     * @param reduction what to do with the elements' losses; the mean is weighted
     * @param weight shaped as the input, or null for ones
     * @return a scalar, or, unreduced, shaped as the input
     * @throws IllegalArgumentException if {@code weight} is not shaped as the input
     */
    public static Tensor mseLoss(Tensor input, Tensor target, Reduction reduction, @Nullable Tensor weight) {
        List<Tensor> xy = broadcast(input, target);
        Tensor x = xy.get(0);
        Tensor y = xy.get(1);
        return weight == null
                ? x.mseLoss(y, reduction.code())
                : weighted(x.sub(y).square(), checkedWeight(input, weight), reduction);
    }

    /** {@link #l1Loss(Tensor, Tensor, Reduction, Tensor)}, unweighted, the mean. */
    public static Tensor l1Loss(Tensor input, Tensor target) {
        return l1Loss(input, target, Reduction.MEAN, null);
    }

    /** {@link #l1Loss(Tensor, Tensor, Reduction, Tensor)}, unweighted. */
    public static Tensor l1Loss(Tensor input, Tensor target, Reduction reduction) {
        return l1Loss(input, target, reduction, null);
    }

    /**
     * Absolute error, {@code weight * |x - y|}. Shapes that differ are broadcast, with a warning as for
     * {@link #mseLoss(Tensor, Tensor, Reduction, Tensor)}.
     *
     * @param input any shape
     * @param target the same shape
     * @param reduction what to do with the elements' losses; the mean is weighted
     * @param weight shaped as the input, or null for ones
     * @return a scalar, or, unreduced, shaped as the input
     * @throws IllegalArgumentException if {@code weight} is not shaped as the input
     */
    public static Tensor l1Loss(Tensor input, Tensor target, Reduction reduction, @Nullable Tensor weight) {
        List<Tensor> xy = broadcast(input, target);
        Tensor x = xy.get(0);
        Tensor y = xy.get(1);
        return weight == null
                ? x.l1Loss(y, reduction.code())
                : weighted(x.sub(y).abs(), checkedWeight(input, weight), reduction);
    }

    /** {@link #smoothL1Loss(Tensor, Tensor, Reduction, double)} with beta 1, the mean. */
    public static Tensor smoothL1Loss(Tensor input, Tensor target) {
        return smoothL1Loss(input, target, Reduction.MEAN, 1.0);
    }

    /**
     * {@code (x - y)^2 / (2 beta)} where {@code |x - y| < beta}, else {@code |x - y| - beta / 2}. Shapes that differ are
     * broadcast, with a warning.
     *
     * @param input any shape
     * @param target the same shape
     * @param reduction what to do with the elements' losses
     * @param beta where squares give way to absolute values; 0: nowhere are squares
     * @return a scalar, or, unreduced, shaped as the input
     */
    public static Tensor smoothL1Loss(Tensor input, Tensor target, Reduction reduction, double beta) {
        List<Tensor> xy = broadcast(input, target);
        return beta == 0
                ? xy.get(0).l1Loss(xy.get(1), reduction.code())
                : xy.get(0).smoothL1Loss(xy.get(1), reduction.code(), beta);
    }

    /** {@link #huberLoss(Tensor, Tensor, Reduction, double, Tensor)} with delta 1, unweighted, the mean. */
    public static Tensor huberLoss(Tensor input, Tensor target) {
        return huberLoss(input, target, Reduction.MEAN, 1.0, null);
    }

    /**
     * {@code (x - y)^2 / 2} where {@code |x - y| < delta}, else {@code delta (|x - y| - delta / 2)}. Shapes that differ are
     * broadcast, with a warning.
     *
     * @param input any shape
     * @param target the same shape
     * @param reduction what to do with the elements' losses; the mean is the plain one of the weighted losses
     * @param delta where squares give way to absolute values
     * @param weight shaped as the input, or null for ones
     * @return a scalar, or, unreduced, shaped as the input
     * @throws IllegalArgumentException if {@code weight} is not shaped as the input
     */
    public static Tensor huberLoss(
            Tensor input, Tensor target, Reduction reduction, double delta, @Nullable Tensor weight) {
        List<Tensor> xy = broadcast(input, target);
        if (weight == null) {
            return xy.get(0).huberLoss(xy.get(1), reduction.code(), delta);
        }
        return reduction.apply(
                xy.get(0).huberLoss(xy.get(1), Reduction.NONE.code(), delta).mul(checkedWeight(input, weight)));
    }

    /** {@link #poissonNllLoss(Tensor, Tensor, boolean, boolean, double, Reduction)} of logarithms, the mean. */
    public static Tensor poissonNllLoss(Tensor input, Tensor target) {
        return poissonNllLoss(input, target, true, false, 1e-8, Reduction.MEAN);
    }

    /**
     * Negative log likelihood of counts by Poisson's distribution.
     *
     * @param input the expected counts or their logarithms, any shape
     * @param target the counts, of the same shape
     * @param logInput whether {@code input} is logarithms: {@code exp(x) - y x}; else {@code x - y log(x + eps)}
     * @param full whether Stirling's approximation of {@code log(y!)} is added
     * @param eps what is added to an expected count before its logarithm
     * @param reduction what to do with the elements' losses
     * @return a scalar, or, unreduced, shaped as the input
     */
    public static Tensor poissonNllLoss(
            Tensor input, Tensor target, boolean logInput, boolean full, double eps, Reduction reduction) {
        return input.poissonNllLoss(target, logInput, full, eps, reduction.code());
    }

    /** {@link #gaussianNllLoss(Tensor, Tensor, Tensor, boolean, double, Reduction)} without the constant, the mean. */
    public static Tensor gaussianNllLoss(Tensor input, Tensor target, Tensor var) {
        return gaussianNllLoss(input, target, var, false, 1e-6, Reduction.MEAN);
    }

    /** {@link #gaussianNllLoss(Tensor, Tensor, double, boolean, double, Reduction)} without the constant, the mean. */
    public static Tensor gaussianNllLoss(Tensor input, Tensor target, double var) {
        return gaussianNllLoss(input, target, var, false, 1e-6, Reduction.MEAN);
    }

    /** {@link #gaussianNllLoss(Tensor, Tensor, Tensor, boolean, double, Reduction)} with the same variance everywhere. */
    public static Tensor gaussianNllLoss(
            Tensor input, Tensor target, double var, boolean full, double eps, Reduction reduction) {
        return gaussianNllLoss(input, target, Torch.onesLike(input).mul(var), full, eps, reduction);
    }

    /**
     * Negative log likelihood by normal distributions: {@code (log(max(var, eps)) + (x - y)^2 / max(var, eps)) / 2}.
     *
     * @param input the means, any shape
     * @param target what they should be, of the same shape
     * @param var the variances: of the same shape, with 1 in place of one dimension, without the last one, or a single one
     * @param full whether {@code log(2 pi) / 2} is added
     * @param eps what a variance is at least taken for
     * @param reduction what to do with the elements' losses
     * @return a scalar, or, unreduced, shaped as the input
     * @throws IllegalArgumentException if a variance is negative, or their shape does not fit
     */
    public static Tensor gaussianNllLoss(
            Tensor input, Tensor target, Tensor var, boolean full, double eps, Reduction reduction) {
        if (var.lt(0).any().isNonzero()) {
            throw new IllegalArgumentException("var has negative entry/entries");
        }
        Tensor variance = fittingVariance(input, var).clone();
        try (GradMode mode = Autograd.noGrad()) {
            variance.clampMin_(eps);
        }
        Tensor losses =
                variance.log().add(input.sub(target).square().div(variance)).mul(0.5);
        return reduction.apply(full ? losses.add(0.5 * Math.log(2 * Math.PI)) : losses);
    }

    private static Tensor fittingVariance(Tensor input, Tensor var) {
        long[] shape = input.shape();
        long[] given = var.shape();
        if (Arrays.equals(shape, given) || given.length == 0) {
            return var;
        }
        if (shape.length > 0 && Arrays.equals(Arrays.copyOf(shape, shape.length - 1), given)) {
            return var.unsqueeze(-1);
        }
        long differing = 0;
        for (int i = 0; i < shape.length && given.length == shape.length; i++) {
            differing += shape[i] == given[i] ? 0 : given[i];
        }
        if (differing != 1) {
            throw new IllegalArgumentException("var is of incorrect size: " + PythonText.size(given)
                    + " for an input of " + PythonText.size(shape));
        }
        return var;
    }

    /** Both in one shape; where that is not what they had, a warning is logged once. */
    private static List<Tensor> broadcast(Tensor input, Tensor target) {
        if (Arrays.equals(input.shape(), target.shape())) {
            return List.of(input, target);
        }
        Warnings.once(
                F.class,
                "Using a target size (" + PythonText.size(target.shape()) + ") that is different to the input size ("
                        + PythonText.size(input.shape())
                        + "). This will likely lead to incorrect results due to broadcasting. Please ensure they have"
                        + " the same size.");
        return Torch.broadcastTensors(List.of(input, target));
    }

    private static Tensor checkedWeight(Tensor input, Tensor weight) {
        if (!Arrays.equals(weight.shape(), input.shape())) {
            throw new IllegalArgumentException("Weights and input must have the same size, but have "
                    + PythonText.size(weight.shape()) + " and " + PythonText.size(input.shape()));
        }
        return weight;
    }

    /** The weighted losses, their sum, or their weighted mean. */
    private static Tensor weighted(Tensor losses, Tensor weight, Reduction reduction) {
        Tensor weighted = losses.mul(weight);
        return reduction == Reduction.MEAN ? weighted.sum().div(weight.sum()) : reduction.apply(weighted);
    }
}
