package org.jtorch.nn.utils.prune;

import org.jtorch.Tensor;

/** Prunes the entries with the smallest absolute values. */
public final class L1Unstructured extends UnstructuredPruning {

    /**
     * Creates a method that prunes the entries with the smallest absolute values.
     *
     * @param amount a fraction in [0, 1] (a float or double), or a number of entries (an integer)
     */
    public L1Unstructured(Number amount) {
        super(amount);
    }

    @Override
    Tensor pruned(Tensor t, long count) {
        return t.abs().reshape(-1).topk(count, -1, false).indices();
    }
}
