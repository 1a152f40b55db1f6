package org.jtorch.nn.hooks;

import org.jtorch.nn.state.IncompatibleKeys;

/**
 * A hook that runs after a module and all modules below it were loaded; see
 * {@link org.jtorch.nn.Module#registerLoadStateDictPostHook}.
 *
 * @param <M> the type of the module
 */
@FunctionalInterface
public interface LoadStateDictPostHook<M> {

    /**
     * Examines what was loaded. It may edit the lists of {@code incompatibleKeys}; the keys that remain are errors of a strict
     * load.
     *
     * @param module the module on which the hook is registered
     * @param incompatibleKeys the keys that have not matched so far, of all modules visited
     */
    void run(M module, IncompatibleKeys incompatibleKeys);
}
