package org.jtorch.nn.functional;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.autograd.Context;
import org.jtorch.autograd.Function;

/**
 * Returns an embedding's weight unchanged, and divides the gradient of each row by the number of times that the row was used.
 * For bags, the engine divides by the count of another row; PyTorch 2.14 does not.
 */
final class FrequencyScaling extends Function {

    /** Applies it to {@code weight} (num, dim), whose rows are selected by {@code indices} of any shape. */
    static Tensor of(Tensor weight, Tensor indices) {
        Tensor counts = indices.reshape(-1)
                .bincount(null, weight.size(0))
                .clampMin(1)
                .to(weight.dtype())
                .unsqueeze(1);
        return new FrequencyScaling().apply(weight, counts);
    }

    @Override
    protected List<Tensor> forward(Context ctx, List<Tensor> inputs) {
        ctx.saveForBackward(inputs.get(1));
        return List.of(inputs.get(0));
    }

    @Override
    protected List<? extends @Nullable Tensor> backward(Context ctx, List<? extends @Nullable Tensor> gradOutputs) {
        Tensor counts = ctx.savedTensors().get(0);
        return gradients(Objects.requireNonNull(gradOutputs.get(0)).div(counts), null);
    }
}
