package org.jtorch.nn;

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
     * @throws TorchException where {@code training} and a channel has one value only
     * @throws IllegalArgumentException where {@code eps} is negative, or zero where {@code training}
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
}
