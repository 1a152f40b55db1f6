package org.jtorch.nn.hooks;

import org.jtorch.nn.state.IncompatibleKeys;

/**
 * Is run after a module and all below it were loaded; see {@link org.jtorch.nn.Module#registerLoadStateDictPostHook}.
 *
 * @param <M> the class of modules
 */
@FunctionalInterface
public interface LoadStateDictPostHook<M> {

    /**
     * Looks at what was loaded, and may edit the lists of {@code incompatibleKeys}: what stands there in the end is an error
     * of a strict load.
     *
     * @param module the module that the hook is registered on
     * @param incompatibleKeys what did not match so far, in all modules visited
     */
    void run(M module, IncompatibleKeys incompatibleKeys);
}
