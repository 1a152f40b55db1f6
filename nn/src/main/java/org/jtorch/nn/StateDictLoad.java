package org.jtorch.nn;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One module's share of a {@link Module#loadStateDict}: the arguments of PyTorch's {@code _load_from_state_dict} and of its
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
public final class StateDictLoad {

    private final StateDictLoader loader;
    private final Module<?, ?> module;
    private final String prefix;
    private final Map<String, Object> localMetadata;
    private @Nullable StateDictTree tree;
    private @Nullable StateDict stateDict;

    StateDictLoad(StateDictLoader loader, Module<?, ?> module, String prefix, @Nullable StateDictTree tree) {
        this.loader = loader;
        this.module = module;
        this.prefix = prefix;
        this.tree = tree;
        this.localMetadata = loader.localMetadata(prefix);
    }

    /**
     * The entries of this module and of all below it, under their full keys. A copy that may be changed: the change is seen by
     * this module and those below it.
     */
    public StateDict stateDict() {
        StateDict current = stateDict;
        if (current == null) {
            current = tree == null ? new StateDict(loader.metadata()) : tree.toStateDict(loader.metadata());
            stateDict = current;
        }
        return current;
    }

    /** What this module's keys begin with: empty, or with a dot at the end. */
    public String prefix() {
        return prefix;
    }

    /** What the metadata say of this module; empty if they do not. */
    public Map<String, Object> localMetadata() {
        return localMetadata;
    }

    /** The {@link Module#stateVersion} of the class that wrote this module's entries, or null if the metadata do not say. */
    public @Nullable Long version() {
        return localMetadata.get("version") instanceof Number version ? version.longValue() : null;
    }

    /** Whether missing and unexpected keys are to be noted: always, as in PyTorch; the root decides what they mean. */
    public boolean strict() {
        return true;
    }

    /** The keys found missing so far, in all modules; may be added to. */
    public List<String> missingKeys() {
        return loader.missing;
    }

    /** The keys found unexpected so far, in all modules; may be added to. */
    public List<String> unexpectedKeys() {
        return loader.unexpected;
    }

    /** What went wrong so far, in all modules; a line added here makes the load fail. */
    public List<String> errorMsgs() {
        return loader.errors;
    }

    /** {@link Module#loadFrom} as it is where no class overrides it. */
    void byDefault() {
        StateDictHooks hooks = module.stateDictHooks();
        if (hooks != null) {
            hooks.beforeLoad(module, this);
        }
        Derivations derivations = module.registry().derivations();
        if (derivations != null) {
            derivations.beforeLoad(this);
        }
        loader.loadOwn(module, prefix, tree(), localMetadata);
    }

    /** The entries as they are now. */
    @Nullable
    StateDictTree tree() {
        return stateDict == null ? tree : StateDictTree.of(stateDict.entries(), prefix);
    }
}
