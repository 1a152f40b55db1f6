package org.jtorch.nn.hooks;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/**
 * Observes the gradients of a module's inputs and outputs during the backward pass. It changes nothing and returns nothing: a
 * {@link FullBackwardHook} without {@code return null}. It is registered by
 * {@link org.jtorch.nn.Module#registerFullBackwardObserver}.
 *
 * @param <M> the type of the module
 * @param <I> the type of the module's input
 * @param <O> the type of the output
 */
@FunctionalInterface
public interface FullBackwardObserver<M, I extends @Nullable Object, O extends @Nullable Object> {

    /**
     * Called at each event.
     *
     * @param module the module
     * @param gradInput the gradient of each tensor of the input; see {@link FullBackwardHook#call}
     * @param gradOutput the gradient of each tensor of the output
     */
    void look(M module, List<@Nullable Tensor> gradInput, List<@Nullable Tensor> gradOutput);

    /** Returns this observer as a hook that changes nothing. */
    default FullBackwardHook<M, I, O> asHook() {
        return (module, gradInput, gradOutput) -> {
            look(module, gradInput, gradOutput);
            return null;
        };
    }
}
