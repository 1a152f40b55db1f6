package org.jtorch.internal;

import org.jtorch.Tensor;
import org.jtorch.internal.engine.EngineErrors;

/** Counts changes in place that the engine does not count: those of operators that autograd does not know. */
public final class Versions {

    private Versions() {}

    /**
     * Counts a change of a tensor, so that a backward pass that needs its old values fails instead of using the new ones.
     *
     * @throws org.jtorch.TorchException if the tensor was made in inference mode and is changed outside of it
     */
    public static void bump(Tensor tensor) {
        try {
            Handles.of(tensor).unsafeGetTensorImpl().bump_version();
        } catch (RuntimeException e) {
            throw EngineErrors.translate("bump_version", e);
        }
    }
}
