package org.jtorch.nn.state;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One module's part of a {@link org.jtorch.nn.Module#loadStateDict}: the arguments of PyTorch's {@code _load_from_state_dict}
 * and of its load-state-dict pre-hooks.
 *
 * <pre>{@code
 * @Override protected void loadFrom(StateDictLoad load) {          // version 1 called the weight "kernel"
 *     if (load.version() == null || load.version() < 2) {
 *         Tensor kernel = load.stateDict().remove(load.prefix() + "kernel");
 *         if (kernel != null) {
 *             load.stateDict().put(load.prefix() + "weight", kernel.t());
 *         }
 *     }
 *     super.loadFrom(load);
 * }
 * }</pre>
 */
public interface StateDictLoad {

    /**
     * Returns the entries of this module and of all modules below it under their full keys. It is a copy that may be changed;
     * this module and those below it see the change.
     */
    StateDict stateDict();

    /** Returns the beginning of this module's keys: empty, or ending with a dot. */
    String prefix();

    /** Returns the metadata of this module; empty if there are none. */
    Map<String, Object> localMetadata();

    /**
     * Returns the {@link org.jtorch.nn.Module#stateVersion} of the class that wrote this module's entries, or null if the
     * metadata do not contain it.
     */
    @Nullable
    Long version();

    /**
     * Returns whether missing and unexpected keys are recorded. As in PyTorch, this is always true; the root decides what they
     * mean.
     */
    boolean strict();

    /** Returns the keys found missing so far, in all modules. Keys may be added. */
    List<String> missingKeys();

    /** Returns the keys found unexpected so far, in all modules. Keys may be added. */
    List<String> unexpectedKeys();

    /** Returns the errors so far, in all modules. An added line makes the load fail. */
    List<String> errorMsgs();
}
