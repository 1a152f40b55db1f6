package org.jtorch.nn;

import java.lang.System.Logger;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.internal.PythonText;

/** Losses of {@link F}. */
abstract class LossFunctions extends ShapeFunctions {

    private static final Logger LOG = System.getLogger(F.class.getName());

    /** Whether the warning was given: a training loop would repeat it at every step. */
    private static final AtomicBoolean WARNED = new AtomicBoolean();

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
     * @throws IllegalArgumentException where {@code weight} is not shaped as the input
     */
    public static Tensor mseLoss(Tensor input, Tensor target, Reduction reduction, @Nullable Tensor weight) {
        Tensor x = input;
        Tensor y = target;
        if (!Arrays.equals(input.shape(), target.shape())) {
            if (WARNED.compareAndSet(false, true)) {
                LOG.log(
                        Logger.Level.WARNING,
                        "Using a target size (" + PythonText.size(target.shape())
                                + ") that is different to the input size (" + PythonText.size(input.shape())
                                + "). This will likely lead to incorrect results due to broadcasting. Please ensure they"
                                + " have the same size.");
            }
            List<Tensor> broadcast = Torch.broadcastTensors(List.of(input, target));
            x = broadcast.get(0);
            y = broadcast.get(1);
        }
        if (weight == null) {
            return x.mseLoss(y, reduction.code());
        }
        if (!Arrays.equals(weight.shape(), input.shape())) {
            throw new IllegalArgumentException("Weights and input must have the same size, but have "
                    + PythonText.size(weight.shape()) + " and " + PythonText.size(input.shape()));
        }
        Tensor weighted = x.sub(y).square().mul(weight);
        return switch (reduction) {
            case NONE -> weighted;
            case SUM -> weighted.sum();
            case MEAN -> weighted.sum().div(weight.sum());
        };
    }
}
