package org.jtorch.nn;

/** Is run before a module's part of a state dict is made; see {@link Module#registerStateDictPreHook}. */
@FunctionalInterface
public interface StateDictPreHook {

    /**
     * Prepares {@code module} for being saved.
     *
     * @param module the module that the hook is registered on
     * @param prefix what its keys begin with
     * @param keepVars whether the state dict will hold the parameters themselves
     */
    void run(Module<?, ?> module, String prefix, boolean keepVars);
}
