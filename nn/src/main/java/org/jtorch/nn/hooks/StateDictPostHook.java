package org.jtorch.nn.hooks;

import java.util.Map;
import org.jtorch.nn.state.StateDict;

/**
 * Is run after the part of a module and of all below it is in a state dict; see {@link org.jtorch.nn.Module#registerStateDictPostHook}.
 *
 * @param <M> the class of modules
 */
@FunctionalInterface
public interface StateDictPostHook<M> {

    /**
     * Changes what was saved, in place.
     *
     * @param module the module that the hook is registered on
     * @param stateDict all that was saved so far, other modules' entries included
     * @param prefix what this module's keys begin with
     * @param localMetadata this module's metadata, which may be changed too
     */
    void run(M module, StateDict stateDict, String prefix, Map<String, Object> localMetadata);
}
