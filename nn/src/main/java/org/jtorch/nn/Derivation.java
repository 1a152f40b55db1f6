package org.jtorch.nn;

import java.util.Map;
import org.jtorch.Tensor;
import org.jtorch.nn.hooks.LoadStateDictPreHook;
import org.jtorch.nn.hooks.StateDictPostHook;
import org.jtorch.nn.state.StateDict;
import org.jtorch.nn.state.StateDictLoad;

/**
 * How a module computes a tensor that its forward reads like a parameter or a buffer, from other tensors that the module holds.
 * A derivation keeps no state of the module: it computes from parameters, buffers and children of the module that it is given.
 *
 * @see Derivations
 */
public interface Derivation {

    /** Computes the tensor from what {@code module} holds now. Autograd records it like any other computation. */
    Tensor compute(Module<?, ?> module);

    /** Called once at the beginning of each call of {@code module}, before its forward. */
    default void beginCall(Module<?, ?> module) {}

    /** Changes what was saved of the module and of all modules below it; see {@link StateDictPostHook#run}. */
    default void afterSave(
            Module<?, ?> module, StateDict stateDict, String prefix, Map<String, Object> localMetadata) {}

    /** Changes what the module will load, such as older forms of its state; see {@link LoadStateDictPreHook#run}. */
    default void beforeLoad(Module<?, ?> module, StateDictLoad load) {}

    /**
     * Returns whether this is a parametrization as PyTorch defines it. Its values are kept while {@link Derivations#cache} is
     * open, and the module's text begins with {@code Parametrized}.
     */
    default boolean isParametrization() {
        return false;
    }
}
