package org.jtorch.nn.hooks;

import org.jspecify.annotations.Nullable;

/**
 * Observes the input of a module before its forward. It changes nothing and returns nothing: a {@link ForwardPreHook} without
 * {@code return null}. It is registered by {@link org.jtorch.nn.Module#registerForwardPreObserver}.
 *
 * @param <M> the type of the module
 * @param <I> the type of the module's input
 * @param <O> the type of the output
 */
@FunctionalInterface
public interface ForwardPreObserver<M, I extends @Nullable Object, O extends @Nullable Object> {

    /**
     * Called at each event.
     *
     * @param module the module that is called
     * @param input the input, as earlier hooks have changed it; a record if the module takes several arguments
     */
    void look(M module, I input);

    /** Returns this observer as a hook that changes nothing. */
    default ForwardPreHook<M, I, O> asHook() {
        return (module, input) -> {
            look(module, input);
            return null;
        };
    }
}
