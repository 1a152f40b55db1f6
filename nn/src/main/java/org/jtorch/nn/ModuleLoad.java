package org.jtorch.nn;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.nn.internal.StateDictTree;
import org.jtorch.nn.state.StateDict;
import org.jtorch.nn.state.StateDictLoad;

/** One module's part of a load, as its hooks and its class see it. */
final class ModuleLoad implements StateDictLoad {

    private final StateDictLoader loader;
    private final Module<?, ?> module;
    private final String prefix;
    private final Map<String, Object> localMetadata;
    private @Nullable StateDictTree tree;
    private @Nullable StateDict stateDict;

    ModuleLoad(StateDictLoader loader, Module<?, ?> module, String prefix, @Nullable StateDictTree tree) {
        this.loader = loader;
        this.module = module;
        this.prefix = prefix;
        this.tree = tree;
        this.localMetadata = loader.localMetadata(prefix);
    }

    @Override
    public StateDict stateDict() {
        StateDict current = stateDict;
        if (current == null) {
            current = StateDict.sharing(loader.metadata());
            if (tree != null) {
                tree.entries().forEach(current::putEntry);
            }
            stateDict = current;
        }
        return current;
    }

    @Override
    public String prefix() {
        return prefix;
    }

    @Override
    public Map<String, Object> localMetadata() {
        return localMetadata;
    }

    @Override
    public @Nullable Long version() {
        return localMetadata.get("version") instanceof Number version ? version.longValue() : null;
    }

    @Override
    public boolean strict() {
        return true;
    }

    @Override
    public List<String> missingKeys() {
        return loader.missing;
    }

    @Override
    public List<String> unexpectedKeys() {
        return loader.unexpected;
    }

    @Override
    public List<String> errorMsgs() {
        return loader.errors;
    }

    /** Runs {@link Module#loadFrom} as it is if no class overrides it. */
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

    /** Returns the entries as they are now. */
    @Nullable
    StateDictTree tree() {
        return stateDict == null ? tree : StateDictTree.of(stateDict.entries(), prefix);
    }
}
