package org.jtorch.distributed;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.autograd.Context;
import org.jtorch.autograd.Function;

/** {@link ProcessGroup#allReduce} of a copy. It is its own gradient. */
final class AllReduce extends Function {

    private final ProcessGroup group;
    private final ReduceOp op;

    AllReduce(ProcessGroup group, ReduceOp op) {
        this.group = group;
        this.op = op;
    }

    @Override
    protected List<Tensor> forward(Context ctx, List<Tensor> inputs) {
        Tensor combined = inputs.get(0).clone();
        group.allReduce(combined, op);
        return List.of(combined);
    }

    @Override
    protected List<? extends @Nullable Tensor> backward(Context ctx, List<? extends @Nullable Tensor> gradOutputs) {
        return List.of(new AllReduce(group, op).apply(Objects.requireNonNull(gradOutputs.get(0))));
    }
}
