package org.jtorch.nn.hooks;

import org.jtorch.nn.state.StateDictLoad;

/**
 * Is run before a module takes its part of a state dict; see {@link org.jtorch.nn.Module#registerLoadStateDictPreHook}.
 *
 * @param <M> the class of modules
 */
@FunctionalInterface
public interface LoadStateDictPreHook<M> {

    /**
     * Changes what will be loaded.
     *
     * @param module the module that the hook is registered on
     * @param load its share of the load: the keys, the metadata, and the lists of what went wrong
     */
    void run(M module, StateDictLoad load);
}
