package org.jtorch.nn.norm;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.Context;
import org.jtorch.autograd.Function;
import org.jtorch.internal.TrustedOperators;
import org.jtorch.nn.functional.F;

/**
 * Normalizes a batch by statistics of the batches of several processes. The inputs are x (N, C, *), weight, bias, mean and
 * variance (C). The backward pass treats mean and variance as functions of all batches:
 *
 * <pre>
 * grad x = weight / std (grad - sum(grad) / count - z sum(grad z) / count),        z = (x - mean) / std
 * </pre>
 *
 * <p>The sums are over all processes. The gradients of weight and bias are those of this process's batch, as for any parameter.
 */
final class SyncBatchNormFunction extends Function {

    private static final Operator BACKWARD = TrustedOperators.find("aten::native_batch_norm_backward", "");

    private final BatchGroup group;
    private final double count;
    private final double eps;

    private SyncBatchNormFunction(BatchGroup group, double count, double eps) {
        this.group = group;
        this.count = count;
        this.eps = eps;
    }

    /**
     * Normalizes {@code x} over the batches of all processes.
     *
     * @param runningMean is moved towards the mean; null for none
     * @param runningVar is moved towards the unbiased variance; null for none
     * @param factor the weight of the batches in the running statistics
     */
    static Tensor apply(
            BatchGroup group,
            Tensor x,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            @Nullable Tensor runningMean,
            @Nullable Tensor runningVar,
            double factor,
            double eps) {
        BatchStatistics statistics = BatchStatistics.over(x, group);
        statistics.moveRunning(runningMean, runningVar, factor);
        Tensor mean = BatchStatistics.forKernel(statistics.mean(), x);
        Tensor var = BatchStatistics.forKernel(statistics.var(), x);
        boolean reduced = mean.dtype() != x.dtype();
        return new SyncBatchNormFunction(group, statistics.count(), eps)
                .apply(
                        x,
                        weight == null ? Torch.onesLike(mean) : reduced ? weight.to(mean.dtype()) : weight,
                        bias == null ? Torch.zerosLike(mean) : reduced ? bias.to(mean.dtype()) : bias,
                        mean,
                        var);
    }

    @Override
    protected String name() {
        return "SyncBatchNorm";
    }

    @Override
    protected List<Tensor> forward(Context ctx, List<Tensor> inputs) {
        Tensor x = inputs.get(0);
        Tensor weight = inputs.get(1);
        Tensor mean = inputs.get(3);
        Tensor var = inputs.get(4);
        ctx.saveForBackward(x, weight, mean, var);
        return List.of(F.batchNorm(x, mean, var, weight, inputs.get(2), false, 0, eps));
    }

    @Override
    protected List<? extends @Nullable Tensor> backward(Context ctx, List<? extends @Nullable Tensor> gradOutputs) {
        if (Autograd.isGradEnabled()) {
            throw new TorchException(
                    "the gradient of a synchronized batch normalization cannot be differentiated again,"
                            + " which PyTorch cannot either: call backward without createGraph, or do not convert this layer");
        }
        Tensor saved = ctx.savedTensors().get(0);
        Tensor weight = ctx.savedTensors().get(1);
        Tensor mean = ctx.savedTensors().get(2);
        Tensor var = ctx.savedTensors().get(3);
        DType dtype = mean.dtype();
        Tensor x = saved.to(dtype);
        Tensor grad = Objects.requireNonNull(gradOutputs.get(0)).to(dtype);
        boolean ofX = ctx.needsInputGrad(0);
        Tensor gradX = null;
        Tensor gradWeight = Torch.zerosLike(mean);
        Tensor gradBias = Torch.zerosLike(mean);
        if (x.numel() > 0) {
            // with constant statistics; its gradients of weight and bias are the two sums
            boolean[] wanted = {ofX, true, true};
            @Nullable
            Object[] grads =
                    TrustedOperators.results(BACKWARD, grad, x, weight, mean, var, null, null, false, eps, wanted);
            gradX = (Tensor) grads[0];
            gradWeight = (Tensor) Objects.requireNonNull(grads[1]);
            gradBias = (Tensor) Objects.requireNonNull(grads[2]);
        }
        if (ofX) {
            Tensor sums = Torch.stack(List.of(gradBias, gradWeight)).to(Device.CPU);
            group.allReduce(sums);
            sums = sums.div(count).to(x.device());
            gradX = gradX == null
                    ? Torch.zerosLike(saved)
                    : throughStatistics(gradX, x, weight, mean, var, sums).to(saved.dtype());
        }
        return gradients(gradX, gradWeight, gradBias, null, null);
    }

    /** Adds the gradient by way of mean and variance. */
    private Tensor throughStatistics(Tensor gradX, Tensor x, Tensor weight, Tensor mean, Tensor var, Tensor meanGrads) {
        Tensor std = var.add(eps).sqrt();
        Tensor scale = weight.div(std).neg();
        Tensor byMean = scale.mul(meanGrads.select(0, 0));
        Tensor byVar = scale.mul(meanGrads.select(0, 1)).div(std);
        return gradX.add_(perChannel(byMean, x)).addcmul_(x.sub(perChannel(mean, x)), perChannel(byVar, x));
    }

    /** Returns values (C) in a shape in which they are broadcast with {@code x}. */
    private static Tensor perChannel(Tensor values, Tensor x) {
        long[] shape = new long[x.dim()];
        Arrays.fill(shape, 1);
        shape[1] = values.numel();
        return values.view(shape);
    }
}
