package org.jtorch.nn.hooks;

import java.util.Map;
import org.jtorch.nn.state.StateDict;

/**
 * A hook that runs after the state of a module and of all modules below it was added to a state dict; see
 * {@link org.jtorch.nn.Module#registerStateDictPostHook}.
 *
 * @param <M> the type of the module
 */
@FunctionalInterface
public interface StateDictPostHook<M> {

    /**
     * Changes what was saved, in place.
     *
     * @param module the module on which the hook is registered
     * @param stateDict all entries saved so far, including those of other modules
     * @param prefix the beginning of this module's keys
     * @param localMetadata the metadata of this module, which may be changed too
     */
    void run(M module, StateDict stateDict, String prefix, Map<String, Object> localMetadata);
}
