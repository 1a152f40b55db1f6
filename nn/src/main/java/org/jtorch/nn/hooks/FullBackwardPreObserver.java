package org.jtorch.nn.hooks;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/**
 * Observes the gradients of a module's outputs during the backward pass. It changes nothing and returns nothing: a
 * {@link FullBackwardPreHook} without {@code return null}. It is registered by
 * {@link org.jtorch.nn.Module#registerFullBackwardPreObserver}.
 *
 * @param <M> the type of the module
 * @param <I> the type of the module's input
 * @param <O> the type of the output
 */
@FunctionalInterface
public interface FullBackwardPreObserver<M, I extends @Nullable Object, O extends @Nullable Object> {

    /**
     * Called at each event.
     *
     * @param module the module
     * @param gradOutput the gradient of each tensor of the output; see {@link FullBackwardPreHook#call}
     */
    void look(M module, List<@Nullable Tensor> gradOutput);

    /** Returns this observer as a hook that changes nothing. */
    default FullBackwardPreHook<M, I, O> asHook() {
        return (module, gradOutput) -> {
            look(module, gradOutput);
            return null;
        };
    }
}
