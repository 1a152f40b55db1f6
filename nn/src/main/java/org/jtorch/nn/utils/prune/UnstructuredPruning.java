package org.jtorch.nn.utils.prune;

import org.jtorch.Tensor;

/** The base class of methods that prune single entries. */
public abstract class UnstructuredPruning extends BasePruningMethod {

    private final Amount amount;

    UnstructuredPruning(Number amount) {
        this.amount = new Amount(amount);
    }

    @Override
    public final PruningType pruningType() {
        return PruningType.UNSTRUCTURED;
    }

    /** Returns {@code count} entries to prune, as indices into the flattened tensor. */
    abstract Tensor pruned(Tensor t, long count);

    @Override
    public final Tensor computeMask(Tensor t, Tensor defaultMask) {
        long count = amount.of(t.numel());
        Tensor mask = defaultMask.clone();
        if (count != 0) {
            Masks.zeroAt(mask, pruned(t, count));
        }
        return mask;
    }
}
