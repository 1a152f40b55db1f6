package org.jtorch.nn.hooks;

import org.jspecify.annotations.Nullable;

/**
 * A hook that runs when a submodule, a parameter or a buffer is registered by name on any module. It is registered by
 * {@link org.jtorch.nn.GlobalHooks}.
 *
 * <p>It does not run when a field is assigned, although that registers the value too, because Java reports no assignments. A
 * traversal reads the fields, but it cannot distinguish an assignment from an earlier value, and it cannot write final fields.
 * To examine what a model holds in its fields, walk over its {@code namedModules()}, {@code namedParameters()} or
 * {@code namedBuffers()} after it is created. To have the hook run, register by name.
 *
 * @param <M> the type of the module
 * @param <T> the type of what is registered: a module, a parameter or a buffer
 */
@FunctionalInterface
public interface RegistrationHook<M, T> {

    /**
     * Called before the value is registered.
     *
     * @param module the module on which it is registered
     * @param name its key in the module
     * @param registered the value, as earlier hooks have changed it; null if it is registered as absent
     * @return the value to register instead, or null to keep it
     */
    @Nullable
    T call(M module, String name, @Nullable T registered);
}
