package org.jtorch.nn;

import java.util.Map;
import org.jtorch.RemovableHandle;
import org.jtorch.nn.hooks.LoadStateDictPostHook;
import org.jtorch.nn.hooks.LoadStateDictPreHook;
import org.jtorch.nn.hooks.StateDictPostHook;
import org.jtorch.nn.hooks.StateDictPreHook;
import org.jtorch.nn.internal.HookList;
import org.jtorch.nn.state.IncompatibleKeys;
import org.jtorch.nn.state.StateDict;
import org.jtorch.nn.state.StateDictLoad;

/** The state dict hooks of one module, each kind in the order of registration. */
final class StateDictHooks {

    private final HookList<StateDictPreHook<Module<?, ?>>> beforeSave = new HookList<>();
    private final HookList<StateDictPostHook<Module<?, ?>>> afterSave = new HookList<>();
    private final HookList<LoadStateDictPreHook<Module<?, ?>>> beforeLoad = new HookList<>();
    private final HookList<LoadStateDictPostHook<Module<?, ?>>> afterLoad = new HookList<>();

    RemovableHandle add(StateDictPreHook<Module<?, ?>> hook) {
        return beforeSave.add(hook, false);
    }

    RemovableHandle add(StateDictPostHook<Module<?, ?>> hook) {
        return afterSave.add(hook, false);
    }

    RemovableHandle add(LoadStateDictPreHook<Module<?, ?>> hook) {
        return beforeLoad.add(hook, false);
    }

    RemovableHandle add(LoadStateDictPostHook<Module<?, ?>> hook) {
        return afterLoad.add(hook, false);
    }

    /** Returns the same hooks for a copy of the module. Each hook receives its module as an argument. */
    StateDictHooks copy() {
        StateDictHooks copy = new StateDictHooks();
        copy.beforeSave.addAll(beforeSave);
        copy.afterSave.addAll(afterSave);
        copy.beforeLoad.addAll(beforeLoad);
        copy.afterLoad.addAll(afterLoad);
        return copy;
    }

    void beforeSave(Module<?, ?> module, String prefix, boolean keepVars) {
        beforeSave.hooks().forEach(hook -> hook.run(module, prefix, keepVars));
    }

    void afterSave(Module<?, ?> module, StateDict stateDict, String prefix, Map<String, Object> localMetadata) {
        afterSave.hooks().forEach(hook -> hook.run(module, stateDict, prefix, localMetadata));
    }

    boolean hasBeforeLoad() {
        return !beforeLoad.isEmpty();
    }

    void beforeLoad(Module<?, ?> module, StateDictLoad load) {
        beforeLoad.hooks().forEach(hook -> hook.run(module, load));
    }

    boolean hasAfterLoad() {
        return !afterLoad.isEmpty();
    }

    void afterLoad(Module<?, ?> module, IncompatibleKeys incompatibleKeys) {
        afterLoad.hooks().forEach(hook -> hook.run(module, incompatibleKeys));
    }
}
