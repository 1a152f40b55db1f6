package org.jtorch.nn.utils.prune;

import org.jtorch.Tensor;

/** Prunes nothing: the mask does not change. */
public final class Identity extends BasePruningMethod {

    @Override
    public PruningType pruningType() {
        return PruningType.UNSTRUCTURED;
    }

    @Override
    public Tensor computeMask(Tensor t, Tensor defaultMask) {
        return defaultMask;
    }
}
