package org.jtorch.nn.hooks;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/**
 * A hook that runs during the backward pass, when the gradients of a module's inputs are known. It is registered by
 * {@link org.jtorch.nn.Module#registerFullBackwardHook}, or for all modules by
 * {@link org.jtorch.nn.GlobalHooks#registerModuleFullBackwardHook}.
 *
 * @param <M> the type of the module
 * @param <I> the type of the module's input
 * @param <O> the type of the output
 */
@FunctionalInterface
public interface FullBackwardHook<M, I extends @Nullable Object, O extends @Nullable Object> {

    /**
     * Called with the gradients; those of the inputs are as earlier hooks have changed them. If no input requires grad, it is
     * called when the gradients of the outputs are known, and must not replace anything.
     *
     * @param module the module
     * @param gradInput the gradient of each tensor of the input, in the order of {@link org.jtorch.nn.TensorTree}. It is zeros
     *     for a tensor that needs no gradient or received none; all are null if no input requires grad. The gradients must not
     *     be changed in place. They belong to the scope of the thread that called the backward or, if there is none, to the
     *     garbage collector
     * @param gradOutput the gradient of each tensor of the output, as the pre-hooks have changed it; null for a tensor without
     *     one
     * @return the gradients to use instead of {@code gradInput}, as many and with the same shapes, or null to keep them
     */
    @Nullable
    List<? extends @Nullable Tensor> call(
            M module, List<@Nullable Tensor> gradInput, List<@Nullable Tensor> gradOutput);
}
