package org.jtorch.nn.hooks;

import org.jspecify.annotations.Nullable;

/**
 * Runs after a module's forward. Registered by {@link org.jtorch.nn.Module#registerForwardHook}, or for all modules by
 * {@link org.jtorch.nn.GlobalHooks#registerModuleForwardHook}.
 *
 * @param <M> the class of modules
 * @param <I> what the module takes
 * @param <O> what it gives
 */
@FunctionalInterface
public interface ForwardHook<M, I extends @Nullable Object, O extends @Nullable Object> {

    /**
     * Called with the output, already changed by the hooks before.
     *
     * @param module the module that is called
     * @param input what its forward took
     * @param output what it gave. Null where a hook registered with {@code alwaysCall} runs because of an exception and there
     *     is none yet
     * @return what the module gives in its place, or null to leave it
     */
    @Nullable
    O call(M module, I input, O output);

    /**
     * Called in place of {@link #call(Object, Object, Object)} if there was an argument beside the input, which a hook may see by
     * overriding this.
     *
     * @param further what the call had beside the input, such as the
     *     {@code OutputSize} of a {@code ConvTranspose2d}
     */
    default @Nullable O call(M module, I input, O output, Object further) {
        return call(module, input, output);
    }
}
