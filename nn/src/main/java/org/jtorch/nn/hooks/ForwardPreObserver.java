package org.jtorch.nn.hooks;

import org.jspecify.annotations.Nullable;

/**
 * Looks at what a module is called with, before its forward. It changes nothing, and so gives nothing back: a {@link
 * ForwardPreHook} without {@code return null}. Registered by {@link Module#registerForwardPreObserver}.
 *
 * @param <M> the class of modules
 * @param <I> what the module takes
 * @param <O> what it gives
 */
@FunctionalInterface
public interface ForwardPreObserver<M, I extends @Nullable Object, O extends @Nullable Object> {

    /**
     * Called each time.
     *
     * @param module the module that is called
     * @param input all that it is called with, as the hooks before left it; a record if that is more than one
     */
    void look(M module, I input);

    /** Returns this observer as a hook that leaves all as it is. */
    default ForwardPreHook<M, I, O> asHook() {
        return (module, input) -> {
            look(module, input);
            return null;
        };
    }
}
