package org.jtorch.nn.hooks;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/**
 * Runs in a backward when the gradients of a module's inputs are known. Registered by {@link org.jtorch.nn.Module#registerFullBackwardHook},
 * or for all modules by {@link org.jtorch.nn.GlobalHooks#registerModuleFullBackwardHook}.
 *
 * @param <M> the class of modules
 * @param <I> what the module takes
 * @param <O> what it gives
 */
@FunctionalInterface
public interface FullBackwardHook<M, I extends @Nullable Object, O extends @Nullable Object> {

    /**
     * Called with the gradients, those of the inputs already changed by the hooks before. Where no input requires grad, it is
     * called when the outputs' gradients are known, and must replace nothing.
     *
     * @param module the module
     * @param gradInput the gradient of each tensor of the input, in the order of {@link org.jtorch.nn.TensorTree}. Zeros for one that
     *     needs none or got none; all null if no input requires grad. Not to be changed in place. The scope of the thread that called the backward owns them, or else the collector
     * @param gradOutput the gradient of each tensor of the output, as the pre-hooks left it; null where none came
     * @return what goes on in place of {@code gradInput}, as many and of the same shapes, or null to leave them
     */
    @Nullable
    List<? extends @Nullable Tensor> call(
            M module, List<@Nullable Tensor> gradInput, List<@Nullable Tensor> gradOutput);
}
