package org.jtorch.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jtorch.nn.internal.StateDictMetadata;
import org.jtorch.nn.state.StateDict;

/** Makes a state dict: a module's own part, then its children's, its hooks around both. */
final class StateDictSaver {

    /** The last part of the key under which a module's extra state stands. */
    static final String EXTRA_STATE = "_extra_state";

    private StateDictSaver() {}

    static void save(Module<?, ?> module, StateDict into, String prefix, boolean keepVars) {
        Map<String, Object> localMetadata = Map.of("version", module.stateVersion());
        StateDictHooks before = module.stateDictHooks();
        if (before != null || module.registry().isDeriving()) {
            localMetadata = new LinkedHashMap<>(localMetadata); // hooks and derivations may change them
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

    /** {@link Module#saveTo} as it is where no class overrides it. */
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
