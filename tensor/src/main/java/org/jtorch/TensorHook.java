package org.jtorch;

import org.jspecify.annotations.Nullable;

/** Receives the gradient of one tensor in a backward pass. Registered by {@link Tensor#registerHook}. */
@FunctionalInterface
public interface TensorHook {

    /**
     * Called with the gradient, after the hooks that were registered before.
     *
     * @param grad the gradient, in the shape of the tensor; must not be changed in place. The scope of the thread that
     *     started the backward pass owns it or, if there is none, the collector
     * @return a replacement of the same shape and dtype, or null to keep the gradient
     */
    @Nullable
    Tensor call(Tensor grad);
}
