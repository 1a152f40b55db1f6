package org.jtorch.nn.norm;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.autograd.Context;
import org.jtorch.autograd.Function;

/**
 * The computation of {@link CrossMapLRN2d}. It is a custom function because PyTorch's backward is not the derivative of its
 * forward: the two sum over different windows.
 */
final class CrossMapFunction extends Function {

    private final long size;
    private final double alpha;
    private final double beta;
    private final double k;

    CrossMapFunction(long size, double alpha, double beta, double k) {
        this.size = size;
        this.alpha = alpha;
        this.beta = beta;
        this.k = k;
    }

    @Override
    protected List<Tensor> forward(Context ctx, List<Tensor> inputs) {
        Tensor x = inputs.get(0);
        long channels = x.size(1);
        long reach = (size - 1) / 2; // The number of channels on each side.
        Tensor squares = x.square();
        Tensor sums = window(squares, reach, reach, 2 * reach + 1);
        if (channels > reach + 1) {
            // PyTorch's running sum never subtracts the first channel.
            sums.narrow(1, reach + 1, channels - reach - 1).add_(squares.narrow(1, 0, 1));
        }
        Tensor scale = sums.mul(alpha / size).add(k);
        Tensor output = scale.pow(-beta).mul(x);
        ctx.saveForBackward(x, output, scale);
        return List.of(output);
    }

    @Override
    protected List<? extends @Nullable Tensor> backward(Context ctx, List<? extends @Nullable Tensor> gradOutputs) {
        Tensor x = ctx.savedTensors().get(0);
        Tensor output = ctx.savedTensors().get(1);
        Tensor scale = ctx.savedTensors().get(2);
        Tensor grad = Objects.requireNonNull(gradOutputs.get(0));
        long before = size - (size - 1) / 2;
        Tensor ratios = window(grad.mul(output).div(scale), before, size - 1 - before, size);
        return List.of(scale.pow(-beta).mul(grad).sub(x.mul(ratios).mul(2 * alpha * beta / size)));
    }

    /** Sums over {@code length} channels. Channels before the first and after the last count as zeros. */
    private static Tensor window(Tensor x, long before, long behind, long length) {
        return x.constantPadNd(new long[] {0, 0, 0, 0, before, behind})
                .unfold(1, length, 1)
                .sum(-1);
    }
}
