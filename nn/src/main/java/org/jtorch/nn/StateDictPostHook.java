package org.jtorch.nn;

import java.util.Map;

/** Is run after the part of a module and of all below it is in a state dict; see {@link Module#registerStateDictPostHook}. */
@FunctionalInterface
public interface StateDictPostHook {

    /**
     * Changes what was saved, in place.
     *
     * @param module the module that the hook is registered on
     * @param stateDict all that was saved so far, other modules' entries included
     * @param prefix what this module's keys begin with
     * @param localMetadata this module's metadata, which may be changed too
     */
    void run(Module<?, ?> module, StateDict stateDict, String prefix, Map<String, Object> localMetadata);
}
