package org.jtorch.nn.hooks;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/**
 * Runs in a backward when the gradients of a module's outputs are known. Registered by
 * {@link org.jtorch.nn.Module#registerFullBackwardPreHook}, or for all modules by {@link org.jtorch.nn.GlobalHooks#registerModuleFullBackwardPreHook}.
 *
 * @param <M> the class of modules
 * @param <I> what the module takes
 * @param <O> what it gives
 */
@FunctionalInterface
public interface FullBackwardPreHook<M, I extends @Nullable Object, O extends @Nullable Object> {

    /**
     * Called with the gradients, already changed by the hooks before.
     *
     * @param module the module
     * @param gradOutput the gradient of each tensor of the output, in the order of {@link org.jtorch.nn.TensorTree}; null where none came.
     *     Not to be changed in place. The scope of the thread that called the backward owns them, or else the collector
     * @return what goes on in their place, as many and of the same shapes, or null to leave them
     */
    @Nullable
    List<? extends @Nullable Tensor> call(M module, List<@Nullable Tensor> gradOutput);
}
