package org.jtorch.nn.utils.prune;

import org.jtorch.Tensor;

/** Prunes the entries that are smallest in size. */
public final class L1Unstructured extends BasePruningMethod {

    private final Amount amount;

    /**
     * The smallest entries.
     *
     * @param amount a share in [0, 1] (a float or double), or a number of entries (an integer)
     */
    public L1Unstructured(Number amount) {
        this.amount = new Amount(amount);
    }

    @Override
    public PruningType pruningType() {
        return PruningType.UNSTRUCTURED;
    }

    @Override
    public Tensor computeMask(Tensor t, Tensor defaultMask) {
        long count = amount.of(t.numel());
        Tensor mask = defaultMask.clone();
        if (count != 0) {
            Masks.zeroAt(mask, t.abs().reshape(-1).topk(count, -1, false).indices());
        }
        return mask;
    }
}
