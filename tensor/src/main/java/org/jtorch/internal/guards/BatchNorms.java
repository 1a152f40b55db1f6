package org.jtorch.internal.guards;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Checks the numbers for each channel of a batch normalization. The kernels read one number for each channel without a
 * check.
 */
public final class BatchNorms {

    private BatchNorms() {}

    /**
     * Refuses tensors that do not have one number for each channel.
     *
     * @param input (N, C, …)
     * @param training whether the statistics of the batch are used; otherwise the running ones must be given
     * @throws IllegalArgumentException if a tensor has another number of elements, or is missing
     */
    public static void check(
            Tensor input,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            @Nullable Tensor runningMean,
            @Nullable Tensor runningVar,
            boolean training) {
        if (input.dim() < 2) {
            throw new IllegalArgumentException("a batch must have at least 2 dimensions, not " + input.dim());
        }
        long channels = input.size(1);
        expect("weight", weight, channels);
        expect("bias", bias, channels);
        expect("running_mean", runningMean, channels);
        expect("running_var", runningVar, channels);
        if (!training && (runningMean == null || runningVar == null)) {
            throw new IllegalArgumentException("without training, running_mean and running_var must be given");
        }
    }

    private static void expect(String name, @Nullable Tensor tensor, long channels) {
        if (tensor != null && tensor.numel() != channels) {
            throw new IllegalArgumentException(
                    name + " has " + tensor.numel() + " elements, but there are " + channels + " channels");
        }
    }
}
