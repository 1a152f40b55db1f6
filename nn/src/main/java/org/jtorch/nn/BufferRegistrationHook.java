package org.jtorch.nn;

import org.jspecify.annotations.Nullable;

/**
 * Runs when a buffer is registered by name, on any module. Registered by
 * {@link GlobalHooks#registerModuleBufferRegistrationHook}.
 */
@FunctionalInterface
public interface BufferRegistrationHook {

    /**
     * Called before the buffer is registered.
     *
     * @param module the module that gets it
     * @param name its key in it
     * @param buffer what is registered, already changed by the hooks before; null where it is registered as absent
     * @return what is registered in its place, or null to leave it
     */
    @Nullable
    Buffer call(Module<?, ?> module, String name, @Nullable Buffer buffer);
}
