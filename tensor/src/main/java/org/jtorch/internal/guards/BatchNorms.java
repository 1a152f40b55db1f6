package org.jtorch.internal.guards;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** What a batch normalisation is given for each channel: its kernels read one number a channel without a look. */
public final class BatchNorms {

    private BatchNorms() {}

    /**
     * Refuses what does not have one number a channel.
     *
     * @param input (N, C, …)
     * @param training whether the batch's own statistics are used; otherwise the running ones must be there
     * @throws IllegalArgumentException if something has another number, or is missing
     */
    public static void check(
            Tensor input,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            @Nullable Tensor runningMean,
            @Nullable Tensor runningVar,
            boolean training) {
        if (input.dim() < 2) {
            throw new IllegalArgumentException("a batch has at least 2 dimensions, not " + input.dim());
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
