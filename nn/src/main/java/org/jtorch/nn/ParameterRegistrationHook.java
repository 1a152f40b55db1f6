package org.jtorch.nn;

import org.jspecify.annotations.Nullable;

/**
 * Runs when a parameter is registered by name, on any module. Registered by
 * {@link GlobalHooks#registerModuleParameterRegistrationHook}.
 */
@FunctionalInterface
public interface ParameterRegistrationHook {

    /**
     * Called before the parameter is registered.
     *
     * @param module the module that gets it
     * @param name its key in it
     * @param parameter what is registered, already changed by the hooks before; null where it is registered as absent
     * @return what is registered in its place, or null to leave it
     */
    @Nullable
    Parameter call(Module<?, ?> module, String name, @Nullable Parameter parameter);
}
