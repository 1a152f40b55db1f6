package org.jtorch.distributed;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.autograd.Context;
import org.jtorch.autograd.Function;

/** {@link ProcessGroup#allGather}, whose gradient is {@link ReduceScatter}. */
final class AllGather extends Function {

    private final ProcessGroup group;

    AllGather(ProcessGroup group) {
        this.group = group;
    }

    @Override
    protected List<Tensor> forward(Context ctx, List<Tensor> inputs) {
        // views of one tensor could not be changed in place
        return group.allGather(inputs.get(0)).stream().map(Tensor::clone).toList();
    }

    @Override
    protected List<? extends @Nullable Tensor> backward(Context ctx, List<? extends @Nullable Tensor> gradOutputs) {
        List<Tensor> grads = gradOutputs.stream().map(Objects::requireNonNull).toList();
        Tensor own = new ReduceScatter(group, ReduceOp.SUM).apply(Torch.stack(grads));
        return List.of(own.select(0, 0));
    }
}
