package org.jtorch.nn.hooks;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/**
 * A hook that runs during the backward pass, when the gradients of a module's outputs are known. It is registered by
 * {@link org.jtorch.nn.Module#registerFullBackwardPreHook}, or for all modules by
 * {@link org.jtorch.nn.GlobalHooks#registerModuleFullBackwardPreHook}.
 *
 * @param <M> the type of the module
 * @param <I> the type of the module's input
 * @param <O> the type of the output
 */
@FunctionalInterface
public interface FullBackwardPreHook<M, I extends @Nullable Object, O extends @Nullable Object> {

    /**
     * Called with the gradients, as earlier hooks have changed them.
     *
     * @param module the module
     * @param gradOutput the gradient of each tensor of the output, in the order of {@link org.jtorch.nn.TensorTree}; null for a
     *     tensor without one. The gradients must not be changed in place. They belong to the scope of the thread that called
     *     the backward or, if there is none, to the garbage collector
     * @return the gradients to use instead, as many and with the same shapes, or null to keep them
     */
    @Nullable
    List<? extends @Nullable Tensor> call(M module, List<@Nullable Tensor> gradOutput);
}
