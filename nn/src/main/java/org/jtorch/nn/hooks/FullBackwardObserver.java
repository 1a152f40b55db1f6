package org.jtorch.nn.hooks;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/**
 * Looks at the gradients of a module's inputs and outputs in a backward. It changes nothing, and so gives nothing back: a
 * {@link FullBackwardHook} without {@code return null}. Registered by {@link Module#registerFullBackwardObserver}.
 *
 * @param <M> the class of modules
 * @param <I> what the module takes
 * @param <O> what it gives
 */
@FunctionalInterface
public interface FullBackwardObserver<M, I extends @Nullable Object, O extends @Nullable Object> {

    /**
     * Called each time.
     *
     * @param module the module
     * @param gradInput the gradient of each tensor of the input, see {@link FullBackwardHook#call}
     * @param gradOutput the gradient of each tensor of the output
     */
    void look(M module, List<@Nullable Tensor> gradInput, List<@Nullable Tensor> gradOutput);

    /** Returns this observer as a hook that leaves all as it is. */
    default FullBackwardHook<M, I, O> asHook() {
        return (module, gradInput, gradOutput) -> {
            look(module, gradInput, gradOutput);
            return null;
        };
    }
}
