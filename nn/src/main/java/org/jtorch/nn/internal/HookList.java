package org.jtorch.nn.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jtorch.RemovableHandle;

/**
 * Hooks of one kind, in the order in which they run. They may be added and removed at any time and on any thread. A call runs
 * through a copy, so a hook that is removed by an earlier hook still runs this time, as in PyTorch.
 */
public final class HookList<H> {

    /** A registration. The same hook may be registered twice. */
    public static final class Entry<H> {
        public final H hook;
        public final boolean always;

        Entry(H hook, boolean always) {
            this.hook = hook;
            this.always = always;
        }
    }

    private final CopyOnWriteArrayList<Entry<H>> entries = new CopyOnWriteArrayList<>();

    public RemovableHandle add(H hook, boolean prepend) {
        return add(hook, prepend, false);
    }

    public RemovableHandle add(H hook, boolean prepend, boolean always) {
        Entry<H> entry = new Entry<>(Objects.requireNonNull(hook, "the hook is null"), always);
        if (prepend) {
            entries.add(0, entry);
        } else {
            entries.add(entry);
        }
        return new RemovableHandle(() -> entries.remove(entry));
    }

    public void addAll(HookList<H> others) {
        entries.addAll(others.entries);
    }

    public boolean isEmpty() {
        return entries.isEmpty();
    }

    public void copyTo(List<? super Entry<H>> into) {
        into.addAll(entries);
    }

    public List<H> hooks() {
        List<H> hooks = new ArrayList<>();
        entries.forEach(entry -> hooks.add(entry.hook));
        return hooks;
    }
}
