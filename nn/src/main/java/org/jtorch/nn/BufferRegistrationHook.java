package org.jtorch.nn;

import org.jspecify.annotations.Nullable;

/**
 * Runs when a buffer is registered by name, on any module. Registered by
 * {@link GlobalHooks#registerModuleBufferRegistrationHook}.
 *
 * <p>It does not run when a field is assigned, although that registers too. Java tells no one of an assignment, and a traversal,
 * which reads the fields, cannot tell an assignment from what stood there before, nor write final fields. To see what a model
 * has in its fields, walk over {@link Module#namedModules()}, {@link Module#namedParameters()} or
 * {@link Module#namedBuffers()} once it is made; to have a hook run, register by name.
 */
@FunctionalInterface
public interface BufferRegistrationHook {

    /**
     * Called before the buffer is registered.
     *
     * @param module the module that gets it
     * @param name its key in it
     * @param buffer what is registered, already changed by the hooks before; null if it is registered as absent
     * @return what is registered in its place, or null to leave it
     */
    @Nullable
    Buffer call(Module<?, ?> module, String name, @Nullable Buffer buffer);
}
