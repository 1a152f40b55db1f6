package org.jtorch.nn.hooks;

import org.jspecify.annotations.Nullable;

/**
 * Looks at what a module was called with and gave, after its forward. It changes nothing, and so gives nothing back: a
 * {@link ForwardHook} without {@code return null}. Registered by {@link Module#registerForwardObserver}.
 *
 * @param <M> the class of modules
 * @param <I> what the module takes
 * @param <O> what it gives
 */
@FunctionalInterface
public interface ForwardObserver<M, I extends @Nullable Object, O extends @Nullable Object> {

    /**
     * Called each time.
     *
     * @param module the module that was called
     * @param input what its forward took
     * @param output what it gave, as the hooks before left it. Null if it is registered with {@code alwaysCall}, and an
     *     exception ended the call before there was one
     */
    void look(M module, I input, O output);

    /** Returns this observer as a hook that leaves all as it is. */
    default ForwardHook<M, I, O> asHook() {
        return (module, input, output) -> {
            look(module, input, output);
            return null;
        };
    }
}
