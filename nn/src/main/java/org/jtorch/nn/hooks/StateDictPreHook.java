package org.jtorch.nn.hooks;

/**
 * A hook that runs before a module's part of a state dict is made; see {@link org.jtorch.nn.Module#registerStateDictPreHook}.
 *
 * @param <M> the type of the module
 */
@FunctionalInterface
public interface StateDictPreHook<M> {

    /**
     * Prepares {@code module} for being saved.
     *
     * @param module the module on which the hook is registered
     * @param prefix the beginning of its keys
     * @param keepVars whether the state dict will hold the parameters themselves
     */
    void run(M module, String prefix, boolean keepVars);
}
