package org.jtorch.nn.functional;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.nn.internal.PythonText;

/** Normalisations of {@link F}. */
abstract class NormalizationFunctions extends ActivationFunctions {

    NormalizationFunctions() {}

    /** {@link #batchNorm(Tensor, Tensor, Tensor, Tensor, Tensor, boolean, double, double)} by the running statistics. */
    public static Tensor batchNorm(Tensor input, @Nullable Tensor runningMean, @Nullable Tensor runningVar) {
        return batchNorm(input, runningMean, runningVar, null, null, false, 0.1, 1e-5);
    }

    /**
     * {@code (x - mean) / sqrt(var + eps) * weight + bias} for each channel.
     *
     * @param input (N, C, …)
     * @param runningMean (C), updated where {@code training}, or null
     * @param runningVar (C), updated where {@code training}, or null
     * @param weight (C), or null for ones
     * @param bias (C), or null for zeros
     * @param training whether mean and variance are the input's; else they are the running ones
     * @param momentum the new value's share in the running statistics
     * @param eps what is added to the variance
     * @return shaped as the input
     * @throws TorchException if {@code training} and a channel has one value only
     * @throws IllegalArgumentException if {@code eps} is negative, or zero where {@code training}
     */
    public static Tensor batchNorm(
            Tensor input,
            @Nullable Tensor runningMean,
            @Nullable Tensor runningVar,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            boolean training,
            double momentum,
            double eps) {
        if (training) {
            if (valuesPerChannel(input) == 1) {
                throw new TorchException("Expected more than 1 value per channel when training, got input size "
                        + PythonText.size(input.shape()));
            }
            if (!(eps > 0)) {
                throw new IllegalArgumentException(
                        "batch_norm eps must be positive during training, but got " + PythonText.of(eps));
            }
        } else if (!(eps >= 0)) {
            throw new IllegalArgumentException("batch_norm eps must be non-negative, but got " + PythonText.of(eps));
        }
        return input.batchNorm(weight, bias, runningMean, runningVar, training, momentum, eps, true);
    }

    private static long valuesPerChannel(Tensor input) {
        long[] shape = input.shape();
        long values = 1;
        for (int i = 0; i < shape.length; i++) {
            values *= i == 1 ? 1 : shape[i];
        }
        return values;
    }

    /** {@link #layerNorm(Tensor, long[], Tensor, Tensor, double)} without weight and bias, and with eps 1e-5. */
    public static Tensor layerNorm(Tensor input, long... normalizedShape) {
        return layerNorm(input, normalizedShape, null, null, 1e-5);
    }

    /**
     * {@code (x - mean) / sqrt(var + eps) * weight + bias}, mean and variance over the last dimensions.
     *
     * @param input (…, normalizedShape)
     * @param normalizedShape the last dimensions' sizes
     * @param weight shaped {@code normalizedShape}, or null for ones
     * @param bias shaped {@code normalizedShape}, or null for zeros
     * @param eps what is added to the variance
     * @return shaped as the input
     */
    public static Tensor layerNorm(
            Tensor input, long[] normalizedShape, @Nullable Tensor weight, @Nullable Tensor bias, double eps) {
        return input.layerNorm(normalizedShape, weight, bias, eps);
    }

    /**
     * {@code (x - mean) / sqrt(var + eps) * weight + bias} for each sample and channel.
     *
     * @param input (N, C, …)
     * @param runningMean (C), updated where {@code useInputStats}, or null
     * @param runningVar (C), updated where {@code useInputStats}, or null
     * @param weight (C), or null for ones
     * @param bias (C), or null for zeros
     * @param useInputStats whether mean and variance are the input's; else they are the running ones
     * @param momentum the new value's share in the running statistics
     * @param eps what is added to the variance
     * @return shaped as the input
     * @throws TorchException if {@code useInputStats} and a channel has one place only
     */
    public static Tensor instanceNorm(
            Tensor input,
            @Nullable Tensor runningMean,
            @Nullable Tensor runningVar,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            boolean useInputStats,
            double momentum,
            double eps) {
        if (useInputStats && product(input.shape(), 2) == 1) {
            throw new TorchException("Expected more than 1 spatial element when training, got input size "
                    + PythonText.size(input.shape()));
        }
        return input.instanceNorm(weight, bias, runningMean, runningVar, useInputStats, momentum, eps, true);
    }

    /** {@link #instanceNorm(Tensor, Tensor, Tensor, Tensor, Tensor, boolean, double, double)} by the input alone. */
    public static Tensor instanceNorm(Tensor input) {
        return instanceNorm(input, null, null, null, null, true, 0.1, 1e-5);
    }

    private static long product(long[] shape, int from) {
        long product = 1;
        for (int i = from; i < shape.length; i++) {
            product *= shape[i];
        }
        return product;
    }

    /** {@link #groupNorm(Tensor, long, Tensor, Tensor, double)} without weight and bias, and with eps 1e-5. */
    public static Tensor groupNorm(Tensor input, long numGroups) {
        return groupNorm(input, numGroups, null, null, 1e-5);
    }

    /**
     * {@code (x - mean) / sqrt(var + eps) * weight + bias}, mean and variance over each group of channels of each sample.
     *
     * @param input (N, C, …)
     * @param numGroups into how many groups the channels are split
     * @param weight (C), or null for ones
     * @param bias (C), or null for zeros
     * @param eps what is added to the variance
     * @return shaped as the input
     * @throws TorchException if the input has fewer than two dimensions, or there is one value only to normalise
     */
    public static Tensor groupNorm(
            Tensor input, long numGroups, @Nullable Tensor weight, @Nullable Tensor bias, double eps) {
        if (input.dim() < 2) {
            throw new TorchException("Expected at least 2 dimensions for input tensor but received " + input.dim());
        }
        long[] shape = input.shape();
        if (numGroups > 0 && shape[0] * shape[1] / numGroups * product(shape, 2) == 1) {
            // as PyTorch counts: the groups are the channels
            long[] grouped = shape.clone();
            grouped[0] = 1;
            grouped[1] = numGroups;
            throw new TorchException(
                    "Expected more than 1 value per channel when training, got input size " + Arrays.toString(grouped));
        }
        return input.groupNorm(numGroups, weight, bias, eps);
    }

    /** {@link #rmsNorm(Tensor, long[], Tensor, Double)} without weight, and with the dtype's eps. */
    public static Tensor rmsNorm(Tensor input, long... normalizedShape) {
        return rmsNorm(input, normalizedShape, null, null);
    }

    /**
     * {@code x / sqrt(mean(x^2) + eps) * weight}, the mean over the last dimensions.
     *
     * @param input (…, normalizedShape)
     * @param normalizedShape the last dimensions' sizes
     * @param weight shaped {@code normalizedShape}, or null for ones
     * @param eps what is added to the mean square; null: the least step of the input's dtype above 1
     * @return shaped as the input
     */
    public static Tensor rmsNorm(Tensor input, long[] normalizedShape, @Nullable Tensor weight, @Nullable Double eps) {
        return input.rmsNorm(normalizedShape, weight, eps);
    }

    /** {@link #localResponseNorm(Tensor, long, double, double, double)} with alpha 1e-4, beta 0.75 and k 1. */
    public static Tensor localResponseNorm(Tensor input, long size) {
        return localResponseNorm(input, size, 1e-4, 0.75, 1.0);
    }

    /**
     * {@code x / (k + alpha * mean)^beta}, the mean being that of the squares at the same place in {@code size} neighbouring
     * channels, zeros standing beyond the first and the last.
     *
     * @param input (N, C, …)
     * @return shaped as the input
     * @throws TorchException if the input has fewer than three dimensions
     * @see <a href="https://papers.nips.cc/paper/4824">ImageNet classification with deep convolutional neural networks,
     *     Krizhevsky et al. 2012</a>
     */
    public static Tensor localResponseNorm(Tensor input, long size, double alpha, double beta, double k) {
        if (input.dim() < 3) {
            throw new TorchException("Expected 3D or higher dimensionality input (got " + input.dim() + " dimensions)");
        }
        if (input.numel() == 0) {
            return input;
        }
        long[] shape = input.shape();
        Tensor squares = input.mul(input).reshape(shape[0], 1, shape[1], -1);
        Tensor means = squares.constantPadNd(new long[] {0, 0, size / 2, (size - 1) / 2})
                .avgPool2d(new long[] {size, 1}, new long[] {1}, new long[] {0}, false, true, null);
        return input.div(means.reshape(shape).mul(alpha).add(k).pow(beta));
    }

    /** {@link #normalize(Tensor, double, long, double)} by the Euclidean norm along dimension 1. */
    public static Tensor normalize(Tensor input) {
        return normalize(input, 2.0, 1, 1e-12);
    }

    /**
     * {@code x / max(|x|_p, eps)} along a dimension.
     *
     * @param input any shape
     * @param p which norm
     * @param dim the dimension whose vectors become as long as 1
     * @param eps what the norm is at least taken for
     * @return shaped as the input
     */
    public static Tensor normalize(Tensor input, double p, long dim, double eps) {
        return input.div(input.norm(p, new long[] {dim}, true).clampMin(eps).expandAs(input));
    }
}
