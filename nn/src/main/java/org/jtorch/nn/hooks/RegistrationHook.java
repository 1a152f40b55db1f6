package org.jtorch.nn.hooks;

import org.jspecify.annotations.Nullable;

/**
 * Runs when a submodule, a parameter or a buffer is registered by name, on any module. Registered by
 * {@link org.jtorch.nn.GlobalHooks}.
 *
 * <p>It does not run when a field is assigned, although that registers too: Java tells no one of an assignment. A traversal reads
 * the fields, but it cannot tell an assignment from what stood there before, and it cannot write final fields. To see what a model
 * has in its fields, walk over its {@code namedModules()}, {@code namedParameters()} or {@code namedBuffers()} after it is made. To
 * have a hook run, register by name.
 *
 * @param <M> the class of modules
 * @param <T> what is registered: a module, a parameter or a buffer
 */
@FunctionalInterface
public interface RegistrationHook<M, T> {

    /**
     * Called before it is registered.
     *
     * @param module the module that gets it
     * @param name its key in the module
     * @param registered what is registered, already changed by the hooks before; null if it is registered as absent
     * @return what is registered in its place, or null to leave it
     */
    @Nullable
    T call(M module, String name, @Nullable T registered);
}
