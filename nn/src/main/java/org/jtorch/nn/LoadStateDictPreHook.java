package org.jtorch.nn;

/** Is run before a module takes its part of a state dict; see {@link Module#registerLoadStateDictPreHook}. */
@FunctionalInterface
public interface LoadStateDictPreHook {

    /**
     * Changes what will be loaded.
     *
     * @param module the module that the hook is registered on
     * @param load its share of the load: the keys, the metadata, and the lists of what went wrong
     */
    void run(Module<?, ?> module, StateDictLoad load);
}
