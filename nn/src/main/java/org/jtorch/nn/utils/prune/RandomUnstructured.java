package org.jtorch.nn.utils.prune;

import org.jtorch.Tensor;
import org.jtorch.Torch;

/** Prunes entries at random. */
public final class RandomUnstructured extends BasePruningMethod {

    private final Amount amount;

    /**
     * Random entries.
     *
     * @param amount a share in [0, 1] (a float or double), or a number of entries (an integer)
     */
    public RandomUnstructured(Number amount) {
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
            Masks.zeroAt(mask, Torch.randLike(t).reshape(-1).topk(count).indices());
        }
        return mask;
    }
}
