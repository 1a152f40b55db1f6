package org.jtorch.nn.norm;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;

/**
 * Mean and variance of each channel over the batches of several processes.
 *
 * @param mean (C), float64, on the CPU
 * @param var the biased variance (C), float64, on the CPU
 * @param count the number of values of a channel
 */
record BatchStatistics(Tensor mean, Tensor var, double count) {

    /**
     * Exchanges the statistics of the batches, which may be of different sizes, and combines them. A process adds its variance and
     * the squared distance of its mean from the common one, so that nothing cancels out if the means are large.
     *
     * @param x the batch of this process, (N, C, *)
     * @throws TorchException if all batches together have only one value for each channel
     */
    static BatchStatistics over(Tensor x, BatchGroup group) {
        try (GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope()) {
            long channels = x.size(1);
            Tensor all = Torch.stack(group.allGather(own(x.detach(), channels)));
            Tensor means = all.narrow(1, 0, channels);
            Tensor vars = all.narrow(1, channels, channels);
            Tensor counts = all.narrow(1, 2 * channels, 1);
            double count = counts.sum().item();
            if (count <= 1) {
                throw new TorchException("Expected more than 1 value per channel when training, but the batches of all "
                        + group.size() + " processes have " + (long) count
                        + ": give at least one process a larger batch");
            }
            Tensor mean = means.mul(counts).sum(0).div(count);
            Tensor var = vars.add(means.sub(mean).square()).mul(counts).sum(0).div(count);
            return new BatchStatistics(scope.keep(mean), scope.keep(var), count);
        }
    }

    /** Returns mean, variance and count of one batch, (2 C + 1). Those of an empty batch are zeros. */
    private static Tensor own(Tensor x, long channels) {
        Tensor own = Torch.zeros(new long[] {2 * channels + 1}, TensorOptions.of(DType.FLOAT64));
        if (x.numel() > 0) {
            List<Tensor> varMean = x.to(computed(x.dtype())).varMean(othersThanChannels(x), 0);
            own.narrow(0, 0, channels).copy_(varMean.get(1));
            own.narrow(0, channels, channels).copy_(varMean.get(0));
            own.narrow(0, 2 * channels, 1).fill_((double) (x.numel() / channels));
        }
        return own;
    }

    /** Returns the dtype in which values of a dtype are normalized. */
    static DType computed(DType dtype) {
        return dtype == DType.FLOAT16 || dtype == DType.BFLOAT16 ? DType.FLOAT32 : dtype;
    }

    private static long[] othersThanChannels(Tensor x) {
        long[] dims = new long[x.dim() - 1];
        for (int i = 1; i < dims.length; i++) {
            dims[i] = i + 1L;
        }
        return dims;
    }

    /** Returns one of the statistics as the kernels need it to normalize {@code x}. */
    static Tensor forKernel(Tensor statistic, Tensor x) {
        return statistic.to(computed(x.dtype())).to(x.device());
    }

    /** Moves running statistics towards these. The variance becomes the unbiased one. */
    void moveRunning(@Nullable Tensor runningMean, @Nullable Tensor runningVar, double factor) {
        try (GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope()) {
            move(runningMean, mean, factor);
            move(runningVar, var.mul(count / (count - 1)), factor);
        }
    }

    private static void move(@Nullable Tensor running, Tensor towards, double factor) {
        if (running != null) {
            Tensor before = running.detach().to(Device.CPU).to(DType.FLOAT64);
            running.copy_(before.mul(1 - factor).add(towards, factor));
        }
    }
}
