package org.jtorch.nn.hooks;

/**
 * Is run before a module's part of a state dict is made; see {@link org.jtorch.nn.Module#registerStateDictPreHook}.
 *
 * @param <M> the class of modules
 */
@FunctionalInterface
public interface StateDictPreHook<M> {

    /**
     * Prepares {@code module} for being saved.
     *
     * @param module the module that the hook is registered on
     * @param prefix what its keys begin with
     * @param keepVars whether the state dict will hold the parameters themselves
     */
    void run(M module, String prefix, boolean keepVars);
}
