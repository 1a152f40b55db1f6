package org.jtorch.nn.state;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One module's share of a {@link org.jtorch.nn.Module#loadStateDict}: the arguments of PyTorch's {@code _load_from_state_dict} and of its
 * load-state-dict pre-hooks.
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
     * Returns the entries of this module and of all below it, under their full keys. A copy that may be changed: the change is
     * seen by this module and those below it.
     */
    StateDict stateDict();

    /** Returns what this module's keys begin with: empty, or with a dot at the end. */
    String prefix();

    /** Returns what the metadata say of this module; empty if they do not. */
    Map<String, Object> localMetadata();

    /**
     * Returns the {@link org.jtorch.nn.Module#stateVersion} of the class that wrote this module's entries, or null if the
     * metadata do not say.
     */
    @Nullable
    Long version();

    /** Returns whether missing and unexpected keys are to be noted: always, as in PyTorch; the root decides what they mean. */
    boolean strict();

    /** Returns the keys found missing so far, in all modules; may be added to. */
    List<String> missingKeys();

    /** Returns the keys found unexpected so far, in all modules; may be added to. */
    List<String> unexpectedKeys();

    /** Returns what went wrong so far, in all modules; a line added here makes the load fail. */
    List<String> errorMsgs();
}
