package org.jtorch.nn.hooks;

import org.jtorch.nn.state.StateDictLoad;

/**
 * A hook that runs before a module loads its part of a state dict; see
 * {@link org.jtorch.nn.Module#registerLoadStateDictPreHook}.
 *
 * @param <M> the type of the module
 */
@FunctionalInterface
public interface LoadStateDictPreHook<M> {

    /**
     * Changes what will be loaded.
     *
     * @param module the module on which the hook is registered
     * @param load the module's part of the load: the keys, the metadata, and the lists of errors
     */
    void run(M module, StateDictLoad load);
}
