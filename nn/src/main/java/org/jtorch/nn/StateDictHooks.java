package org.jtorch.nn;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jtorch.autograd.RemovableHandle;

/** The state-dict hooks of one module, each kind in the order of registration. */
final class StateDictHooks {

    /** One registration: the same hook may be there twice, and each handle takes off its own. */
    private static final class Entry<H> {
        final H hook;

        Entry(H hook) {
            this.hook = hook;
        }
    }

    private final List<Entry<StateDictPreHook>> beforeSave = new CopyOnWriteArrayList<>();
    private final List<Entry<StateDictPostHook>> afterSave = new CopyOnWriteArrayList<>();
    private final List<Entry<LoadStateDictPreHook>> beforeLoad = new CopyOnWriteArrayList<>();
    private final List<Entry<LoadStateDictPostHook>> afterLoad = new CopyOnWriteArrayList<>();

    RemovableHandle add(StateDictPreHook hook) {
        return add(beforeSave, hook);
    }

    RemovableHandle add(StateDictPostHook hook) {
        return add(afterSave, hook);
    }

    RemovableHandle add(LoadStateDictPreHook hook) {
        return add(beforeLoad, hook);
    }

    RemovableHandle add(LoadStateDictPostHook hook) {
        return add(afterLoad, hook);
    }

    private static <H> RemovableHandle add(List<Entry<H>> hooks, H hook) {
        Entry<H> entry = new Entry<>(hook);
        hooks.add(entry);
        return new RemovableHandle(() -> hooks.removeIf(e -> e == entry));
    }

    /** The same hooks for a copy of the module; each takes its module as an argument. */
    StateDictHooks copy() {
        StateDictHooks copy = new StateDictHooks();
        copy.beforeSave.addAll(beforeSave);
        copy.afterSave.addAll(afterSave);
        copy.beforeLoad.addAll(beforeLoad);
        copy.afterLoad.addAll(afterLoad);
        return copy;
    }

    void beforeSave(Module<?, ?> module, String prefix, boolean keepVars) {
        beforeSave.forEach(entry -> entry.hook.run(module, prefix, keepVars));
    }

    void afterSave(Module<?, ?> module, StateDict stateDict, String prefix, Map<String, Object> localMetadata) {
        afterSave.forEach(entry -> entry.hook.run(module, stateDict, prefix, localMetadata));
    }

    boolean hasBeforeLoad() {
        return !beforeLoad.isEmpty();
    }

    void beforeLoad(Module<?, ?> module, StateDictLoad load) {
        beforeLoad.forEach(entry -> entry.hook.run(module, load));
    }

    boolean hasAfterLoad() {
        return !afterLoad.isEmpty();
    }

    void afterLoad(Module<?, ?> module, IncompatibleKeys incompatibleKeys) {
        afterLoad.forEach(entry -> entry.hook.run(module, incompatibleKeys));
    }
}
