package org.jtorch.nn.functional;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.internal.text.PythonText;

/** Normalization functions: checks, and functions that need more than one operator. */
final class Normalizations {

    private Normalizations() {}

    static Tensor batchNorm(
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

    static Tensor instanceNorm(
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

    static Tensor groupNorm(Tensor input, long numGroups, @Nullable Tensor weight, @Nullable Tensor bias, double eps) {
        if (input.dim() < 2) {
            throw new TorchException("Expected at least 2 dimensions for input tensor but received " + input.dim());
        }
        long[] shape = input.shape();
        if (numGroups > 0 && shape[0] * shape[1] / numGroups * product(shape, 2) == 1) {
            // PyTorch counts the groups as channels here.
            long[] grouped = shape.clone();
            grouped[0] = 1;
            grouped[1] = numGroups;
            throw new TorchException(
                    "Expected more than 1 value per channel when training, got input size " + Arrays.toString(grouped));
        }
        return input.groupNorm(numGroups, weight, bias, eps);
    }

    static Tensor localResponseNorm(Tensor input, long size, double alpha, double beta, double k) {
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

    static Tensor normalize(Tensor input, double p, long dim, double eps) {
        return input.div(input.norm(p, new long[] {dim}, true).clampMin(eps).expandAs(input));
    }

    private static long valuesPerChannel(Tensor input) {
        long[] shape = input.shape();
        long values = 1;
        for (int i = 0; i < shape.length; i++) {
            values *= i == 1 ? 1 : shape[i];
        }
        return values;
    }

    private static long product(long[] shape, int from) {
        long product = 1;
        for (int i = from; i < shape.length; i++) {
            product *= shape[i];
        }
        return product;
    }
}
