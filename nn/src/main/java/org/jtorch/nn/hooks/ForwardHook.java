package org.jtorch.nn.hooks;

import org.jspecify.annotations.Nullable;

/**
 * A hook that runs after a module's forward. It is registered by {@link org.jtorch.nn.Module#registerForwardHook}, or for all
 * modules by {@link org.jtorch.nn.GlobalHooks#registerModuleForwardHook}.
 *
 * @param <M> the type of the module
 * @param <I> the type of the module's input
 * @param <O> the type of the output
 */
@FunctionalInterface
public interface ForwardHook<M, I extends @Nullable Object, O extends @Nullable Object> {

    /**
     * Called with the output, as earlier hooks have changed it.
     *
     * @param module the module that is called
     * @param input the input of its forward
     * @param output the output. It is null if the hook is registered with {@code alwaysCall} and an exception ended the call
     *     before there was an output
     * @return the output to use instead, or null to keep it
     */
    @Nullable
    O call(M module, I input, O output);

    /**
     * Called in place of {@link #call(Object, Object, Object)} if the call had an argument in addition to the input. A hook
     * that needs the argument overrides this method.
     *
     * @param further the additional argument, such as the {@code OutputSize} of a {@code ConvTranspose2d}
     */
    default @Nullable O call(M module, I input, O output, Object further) {
        return call(module, input, output);
    }
}
