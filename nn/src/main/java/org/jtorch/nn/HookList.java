package org.jtorch.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jtorch.RemovableHandle;

/**
 * Hooks of one kind, in the order in which they run. They may come and go at any time, on any thread: whoever runs through
 * them has a copy, so a hook that is removed by one before it still runs this time, as in PyTorch.
 */
final class HookList<H> {

    /** A registration: the same hook may be registered twice. */
    static final class Entry<H> {
        final H hook;
        final boolean always;

        Entry(H hook, boolean always) {
            this.hook = hook;
            this.always = always;
        }
    }

    private final CopyOnWriteArrayList<Entry<H>> entries = new CopyOnWriteArrayList<>();

    RemovableHandle add(H hook, boolean prepend) {
        return add(hook, prepend, false);
    }

    RemovableHandle add(H hook, boolean prepend, boolean always) {
        Entry<H> entry = new Entry<>(hook, always);
        if (prepend) {
            entries.add(0, entry);
        } else {
            entries.add(entry);
        }
        return new RemovableHandle(() -> entries.remove(entry));
    }

    void addAll(HookList<H> others) {
        entries.addAll(others.entries);
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    void copyTo(List<? super Entry<H>> into) {
        into.addAll(entries);
    }

    List<H> hooks() {
        List<H> hooks = new ArrayList<>();
        entries.forEach(entry -> hooks.add(entry.hook));
        return hooks;
    }
}
