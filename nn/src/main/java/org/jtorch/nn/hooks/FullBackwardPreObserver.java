package org.jtorch.nn.hooks;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/**
 * Looks at the gradients of a module's outputs in a backward. It changes nothing, and so gives nothing back: a {@link
 * FullBackwardPreHook} without {@code return null}. Registered by {@link Module#registerFullBackwardPreObserver}.
 *
 * @param <M> the class of modules
 * @param <I> what the module takes
 * @param <O> what it gives
 */
@FunctionalInterface
public interface FullBackwardPreObserver<M, I extends @Nullable Object, O extends @Nullable Object> {

    /**
     * Called each time.
     *
     * @param module the module
     * @param gradOutput the gradient of each tensor of the output, see {@link FullBackwardPreHook#call}
     */
    void look(M module, List<@Nullable Tensor> gradOutput);

    /** Returns this observer as a hook that leaves all as it is. */
    default FullBackwardPreHook<M, I, O> asHook() {
        return (module, gradOutput) -> {
            look(module, gradOutput);
            return null;
        };
    }
}
