package org.jtorch.export.internal.script;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.ScriptHandle;
import org.jtorch.nn.internal.Duplicable;

/**
 * A whole script, which all modules of its tree share. Calls run at the same time as long as the script holds the tensors and
 * modes of the Java modules, and the code changes no attribute. Otherwise they run one after another: the engine does not allow
 * that an attribute is changed and read at the same time.
 */
public final class Script implements Duplicable {

    private final ScriptHandle root;
    private final Set<String> assigned;
    private final boolean exclusive;
    private final Map<String, ScriptHandle> modules = new ConcurrentHashMap<>();
    private final Map<Long, ScriptHandle> handles = new ConcurrentHashMap<>();
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    /**
     * Creates a script.
     *
     * @param assigned the names of the attributes that the code assigns
     */
    Script(ScriptHandle root, Set<String> assigned) {
        this(root, assigned, !assigned.isEmpty() || hasContainer(root));
    }

    private Script(ScriptHandle root, Set<String> assigned, boolean exclusive) {
        this.root = only(root);
        this.assigned = assigned;
        this.exclusive = exclusive;
        List<ScriptHandle> all = new ArrayList<>();
        collect(List.of(), all);
        Map<Long, ScriptHandle.Hold> held = new HashMap<>();
        for (ScriptHandle module : all) {
            for (ScriptHandle.Member member : module.members()) {
                if (member.kind() == ScriptHandle.Kind.PARAMETER || member.kind() == ScriptHandle.Kind.BUFFER) {
                    long identity = module.tensorIdentity(member.name());
                    if (identity != 0) {
                        held.putIfAbsent(identity, module.hold(member.name()));
                    }
                }
            }
        }
        all.forEach(module -> module.join(held));
    }

    /** Adds each module at a path and below it once. */
    private void collect(List<String> path, List<ScriptHandle> all) {
        ScriptHandle module = at(path);
        if (all.contains(module)) {
            return;
        }
        all.add(module);
        for (ScriptHandle.Member member : module.members()) {
            if (member.kind() == ScriptHandle.Kind.MODULE) {
                List<String> below = new ArrayList<>(path);
                below.add(member.name());
                collect(below, all);
            }
        }
    }

    private static boolean hasContainer(ScriptHandle module) {
        for (ScriptHandle.Member member : module.members()) {
            if (member.kind() == ScriptHandle.Kind.CONTAINER
                    || member.kind() == ScriptHandle.Kind.MODULE && hasContainer(module.module(member.name()))) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether the code assigns an attribute of this name in some module. */
    boolean assigns(String name) {
        return assigned.contains(name);
    }

    /** Returns the module at a path of names. */
    public ScriptHandle at(List<String> path) {
        ScriptHandle handle = root;
        StringBuilder key = new StringBuilder();
        for (String name : path) {
            ScriptHandle parent = handle;
            handle = modules.computeIfAbsent(key.append('.').append(name).toString(), k -> only(parent.module(name)));
        }
        return handle;
    }

    /** Returns the handle of a module that may be at several paths. */
    private ScriptHandle only(ScriptHandle handle) {
        return handles.computeIfAbsent(handle.identity(), identity -> handle);
    }

    /**
     * Runs code that uses the script.
     *
     * @param link makes the script hold what the Java modules hold
     * @param code is run while it does
     */
    <T extends @Nullable Object> T run(ScriptLink link, Supplier<T> code) {
        if (!exclusive) {
            lock.readLock().lock();
            try {
                if (link.isCurrent()) {
                    return code.get();
                }
            } finally {
                lock.readLock().unlock();
            }
        }
        return change(link, code);
    }

    /** Runs code that uses and changes the script. */
    <T extends @Nullable Object> T change(ScriptLink link, Supplier<T> code) {
        lock.writeLock().lock();
        try {
            link.update();
            try {
                return code.get();
            } finally {
                link.follow();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    public Script duplicate() {
        lock.writeLock().lock();
        try {
            return new Script(root.copy(), assigned, exclusive);
        } finally {
            lock.writeLock().unlock();
        }
    }
}
