package org.jtorch.nn.hooks;

import org.jspecify.annotations.Nullable;

/**
 * Runs before a module's forward. Registered by {@link org.jtorch.nn.Module#registerForwardPreHook}, or for all modules by
 * {@link org.jtorch.nn.GlobalHooks#registerModuleForwardPreHook}.
 *
 * @param <M> the class of modules
 * @param <I> what the module takes
 * @param <O> what it gives
 */
@FunctionalInterface
public interface ForwardPreHook<M, I extends @Nullable Object, O extends @Nullable Object> {

    /**
     * Called with the input, already changed by the hooks before.
     *
     * @param module the module that is called
     * @param input all that it is called with; a record where that is more than one
     * @return what the module takes in its place, or null to leave it
     */
    @Nullable
    I call(M module, I input);

    /**
     * Called in place of {@link #call(Object, Object)} if there is an argument beside the input, which a hook may see by overriding
     * this.
     *
     * @param further what the call has beside the input, such as the
     *     {@code OutputSize} of a {@code ConvTranspose2d}
     */
    default @Nullable I call(M module, I input, Object further) {
        return call(module, input);
    }
}
