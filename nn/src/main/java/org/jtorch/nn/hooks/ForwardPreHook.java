package org.jtorch.nn.hooks;

import org.jspecify.annotations.Nullable;

/**
 * A hook that runs before a module's forward. It is registered by {@link org.jtorch.nn.Module#registerForwardPreHook}, or for
 * all modules by {@link org.jtorch.nn.GlobalHooks#registerModuleForwardPreHook}.
 *
 * @param <M> the type of the module
 * @param <I> the type of the module's input
 * @param <O> the type of the output
 */
@FunctionalInterface
public interface ForwardPreHook<M, I extends @Nullable Object, O extends @Nullable Object> {

    /**
     * Called with the input, as earlier hooks have changed it.
     *
     * @param module the module that is called
     * @param input the input; a record if the module takes several arguments
     * @return the input to use instead, or null to keep it
     */
    @Nullable
    I call(M module, I input);

    /**
     * Called in place of {@link #call(Object, Object)} if the call has an argument in addition to the input. A hook that needs
     * the argument overrides this method.
     *
     * @param further the additional argument, such as the {@code OutputSize} of a {@code ConvTranspose2d}
     */
    default @Nullable I call(M module, I input, Object further) {
        return call(module, input);
    }
}
