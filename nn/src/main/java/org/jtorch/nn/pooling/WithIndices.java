package org.jtorch.nn.pooling;

import org.jtorch.Tensor;
import org.jtorch.ValuesIndices;
import org.jtorch.nn.Module;

/** A pooling with PyTorch's {@code return_indices=True}: it gives the values and where each stood, int64. */
public abstract class WithIndices extends Module<Tensor, ValuesIndices> {

    WithIndices() {}

    /** Whether the places are given too: yes. */
    public final boolean returnIndices() {
        return true;
    }

    /** PyTorch's name, which has nothing of the indices. */
    @Override
    public String className() {
        String name = super.className();
        return name.endsWith("WithIndices") ? name.substring(0, name.length() - "WithIndices".length()) : name;
    }
}
