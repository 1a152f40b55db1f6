package org.jtorch;

import org.jspecify.annotations.Nullable;

/** Sees the gradient of one tensor in a backward. Registered by {@link Tensor#registerHook}. */
@FunctionalInterface
public interface TensorHook {

    /**
     * Called with the gradient, already changed by the hooks registered before.
     *
     * @param grad the gradient, shaped as the tensor; not to be changed in place. The scope of the thread that called the
     *     backward owns it, or else the collector
     * @return what goes on in its place, of the same shape and dtype, or null to leave it
     */
    @Nullable
    Tensor call(Tensor grad);
}
