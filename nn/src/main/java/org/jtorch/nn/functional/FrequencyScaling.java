package org.jtorch.nn.functional;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.autograd.Context;
import org.jtorch.autograd.Function;

/**
 * Leaves an embedding's weight as it is, and divides each row's gradient by how often the row was named. For bags the engine
 * does that by another row's count (PyTorch 2.14 does not).
 */
final class FrequencyScaling extends Function {

    /** Of {@code weight} (num, dim) that {@code indices}, of any shape, name rows of. */
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
