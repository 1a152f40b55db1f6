package org.jtorch.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jtorch.nn.internal.StateDictMetadata;
import org.jtorch.nn.state.StateDict;

/** Makes a state dict: the module's own part, then the parts of its children, with its hooks before and after. */
final class StateDictSaver {

    /** The last part of the key of a module's extra state. */
    static final String EXTRA_STATE = "_extra_state";

    private StateDictSaver() {}

    static void save(Module<?, ?> module, StateDict into, String prefix, boolean keepVars) {
        Map<String, Object> localMetadata = Map.of("version", module.stateVersion());
        StateDictHooks before = module.stateDictHooks();
        if (before != null || module.registry().isDeriving()) {
            localMetadata = new LinkedHashMap<>(localMetadata); // Hooks and derivations may change them.
        }
        ((StateDictMetadata) into.metadata()).share(StateDictMetadata.path(prefix), localMetadata);
        if (before != null) {
            before.beforeSave(module, prefix, keepVars);
        }
        module.saveTo(into, prefix, keepVars);
        module.visitChildren((key, child) -> save(child, into, prefix + key + ".", keepVars));
        Derivations derivations = module.registry().derivations();
        if (derivations != null) {
            derivations.afterSave(into, prefix, localMetadata);
        }
        StateDictHooks after = module.stateDictHooks();
        if (after != null) {
            after.afterSave(module, into, prefix, localMetadata);
        }
    }

    /** Runs {@link Module#saveTo} as it is if no class overrides it. */
    static void saveOwn(Module<?, ?> module, StateDict into, String prefix, boolean keepVars) {
        module.registry()
                .forEachParameter((key, parameter) ->
                        into.put(prefix + key, keepVars ? parameter : UninitializedTensor.orData(parameter)));
        module.registry().forEachBuffer((key, buffer) -> {
            if (buffer.isPersistent()) {
                into.put(prefix + key, keepVars ? buffer : UninitializedTensor.orData(buffer));
            }
        });
        if (module.registry().stateDictMethods().savesExtra()) {
            into.putEntry(prefix + EXTRA_STATE, module.getExtraState());
        }
    }
}
