package org.jtorch.nn.functional;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.internal.text.PythonText;
import org.jtorch.internal.text.Warnings;

/** Losses between numbers. */
final class RegressionLosses {

    private RegressionLosses() {}

    static Tensor mseLoss(Tensor input, Tensor target, Reduction reduction, @Nullable Tensor weight) {
        List<Tensor> xy = broadcast(input, target);
        Tensor x = xy.get(0);
        Tensor y = xy.get(1);
        return weight == null
                ? x.mseLoss(y, reduction.code())
                : weighted(x.sub(y).square(), checkedWeight(input, weight), reduction);
    }

    static Tensor l1Loss(Tensor input, Tensor target, Reduction reduction, @Nullable Tensor weight) {
        List<Tensor> xy = broadcast(input, target);
        Tensor x = xy.get(0);
        Tensor y = xy.get(1);
        return weight == null
                ? x.l1Loss(y, reduction.code())
                : weighted(x.sub(y).abs(), checkedWeight(input, weight), reduction);
    }

    static Tensor smoothL1Loss(Tensor input, Tensor target, Reduction reduction, double beta) {
        List<Tensor> xy = broadcast(input, target);
        return beta == 0
                ? xy.get(0).l1Loss(xy.get(1), reduction.code())
                : xy.get(0).smoothL1Loss(xy.get(1), reduction.code(), beta);
    }

    static Tensor huberLoss(Tensor input, Tensor target, Reduction reduction, double delta, @Nullable Tensor weight) {
        List<Tensor> xy = broadcast(input, target);
        if (weight == null) {
            return xy.get(0).huberLoss(xy.get(1), reduction.code(), delta);
        }
        return reduction.apply(
                xy.get(0).huberLoss(xy.get(1), Reduction.NONE.code(), delta).mul(checkedWeight(input, weight)));
    }

    static Tensor gaussianNllLoss(
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

    /** Returns both tensors in one shape. If their shapes differed, a warning is logged once. */
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

    /** Returns the weighted losses, their sum, or their weighted mean. */
    private static Tensor weighted(Tensor losses, Tensor weight, Reduction reduction) {
        Tensor weighted = losses.mul(weight);
        return reduction == Reduction.MEAN ? weighted.sum().div(weight.sum()) : reduction.apply(weighted);
    }
}
