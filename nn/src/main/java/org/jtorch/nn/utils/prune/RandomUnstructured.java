package org.jtorch.nn.utils.prune;

import org.jtorch.Tensor;
import org.jtorch.Torch;

/** Prunes entries at random. */
public final class RandomUnstructured extends UnstructuredPruning {

    /**
     * Creates a method that prunes random entries.
     *
     * @param amount a fraction in [0, 1] (a float or double), or a number of entries (an integer)
     */
    public RandomUnstructured(Number amount) {
        super(amount);
    }

    @Override
    Tensor pruned(Tensor t, long count) {
        return Torch.randLike(t).reshape(-1).topk(count).indices();
    }
}
