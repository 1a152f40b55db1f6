package org.jtorch.nn;

import org.jspecify.annotations.Nullable;

/**
 * Runs when a submodule is registered by name, on any module. Registered by
 * {@link GlobalHooks#registerModuleModuleRegistrationHook}.
 */
@FunctionalInterface
public interface ModuleRegistrationHook {

    /**
     * Called before the submodule is registered.
     *
     * @param module the module that gets it
     * @param name its key in it
     * @param submodule what is registered, already changed by the hooks before; null where it is registered as absent
     * @return what is registered in its place, or null to leave it
     */
    @Nullable
    Module<?, ?> call(Module<?, ?> module, String name, @Nullable Module<?, ?> submodule);
}
