package org.jtorch.distributed;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.autograd.Context;
import org.jtorch.autograd.Function;

/** {@link ProcessGroup#reduceScatter}, whose gradient is {@link AllGather}. */
final class ReduceScatter extends Function {

    private final ProcessGroup group;
    private final ReduceOp op;

    ReduceScatter(ProcessGroup group, ReduceOp op) {
        this.group = group;
        this.op = op;
    }

    @Override
    protected List<Tensor> forward(Context ctx, List<Tensor> inputs) {
        return List.of(group.reduceScatter(inputs.get(0), op));
    }

    @Override
    protected List<? extends @Nullable Tensor> backward(Context ctx, List<? extends @Nullable Tensor> gradOutputs) {
        Tensor all = Torch.cat(new AllGather(group).applyAll(Objects.requireNonNull(gradOutputs.get(0))));
        return List.of(op == ReduceOp.AVG ? all.div(group.size()) : all);
    }
}
