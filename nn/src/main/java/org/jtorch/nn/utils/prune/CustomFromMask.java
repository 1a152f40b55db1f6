package org.jtorch.nn.utils.prune;

import java.util.Arrays;
import org.jtorch.Tensor;
import org.jtorch.internal.text.PythonText;

/** Prunes with a given mask. */
public final class CustomFromMask extends BasePruningMethod {

    private final Tensor mask;

    /** Creates a method that prunes the entries for which {@code mask} is zero. */
    public CustomFromMask(Tensor mask) {
        this.mask = mask.unscoped();
    }

    @Override
    public PruningType pruningType() {
        return PruningType.GLOBAL;
    }

    @Override
    public Tensor computeMask(Tensor t, Tensor defaultMask) {
        if (!Arrays.equals(defaultMask.shape(), mask.shape())) {
            throw new IllegalArgumentException("default_mask shape " + PythonText.size(defaultMask.shape())
                    + " must match self.mask shape " + PythonText.size(mask.shape()));
        }
        return defaultMask.mul(mask.to(defaultMask.dtype()));
    }
}
