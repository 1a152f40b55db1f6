package org.jtorch.nn;

import java.util.Map;
import org.jtorch.Tensor;
import org.jtorch.nn.hooks.LoadStateDictPreHook;
import org.jtorch.nn.hooks.StateDictPostHook;
import org.jtorch.nn.state.StateDict;
import org.jtorch.nn.state.StateDictLoad;

/**
 * How a module computes a tensor that its forward reads as if it were a parameter or a buffer, from others that it holds. It
 * keeps no state of the module's own: what it computes from are parameters, buffers and children of the module it is given.
 *
 * @see Derivations
 */
public interface Derivation {

    /** Returns the tensor, from what {@code module} holds now. Autograd records it as any computation. */
    Tensor compute(Module<?, ?> module);

    /** Called once at the beginning of each call of {@code module}, before its forward. */
    default void beginCall(Module<?, ?> module) {}

    /** Changes what was saved of the module and of all below it; see {@link StateDictPostHook#run}. */
    default void afterSave(
            Module<?, ?> module, StateDict stateDict, String prefix, Map<String, Object> localMetadata) {}

    /** Changes what the module will load, older forms of its state into today's; see {@link LoadStateDictPreHook#run}. */
    default void beforeLoad(Module<?, ?> module, StateDictLoad load) {}

    /**
     * Returns whether it is a parametrization in PyTorch's sense: its values are kept while {@link Derivations#cache} is open,
     * and the module's text begins with {@code Parametrized}.
     */
    default boolean isParametrization() {
        return false;
    }
}
