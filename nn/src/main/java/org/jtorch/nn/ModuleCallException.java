package org.jtorch.nn;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.TorchException;

/** Thrown if an operation fails in a module's forward. The message begins with the path and the class of the module. */
public final class ModuleCallException extends TorchException {

    private static final long serialVersionUID = 1L;

    /** From the module that failed outwards to the one that was called first; null in a copy that was deserialized. */
    private final transient @Nullable List<Module<?, ?>> chain;

    /** The path in a deserialized copy. */
    private @Nullable String path;

    private final String className;

    ModuleCallException(Module<?, ?> module, TorchException cause) {
        super(cause.getMessage(), cause);
        chain = new ArrayList<>(List.of(module));
        className = module.className();
    }

    /** Records that the failure passes through {@code module}, which called the last module recorded. */
    ModuleCallException through(Module<?, ?> module) {
        if (chain != null) {
            chain.add(module);
        }
        return this;
    }

    /**
     * Returns the path of the module that failed, relative to the outermost module that was called; empty for that module
     * itself.
     */
    public String modulePath() {
        if (chain == null) {
            return path == null ? "" : path;
        }
        StringBuilder steps = new StringBuilder();
        for (int i = chain.size() - 1; i > 0; i--) {
            String step = step(chain.get(i), chain.get(i - 1));
            steps.append(steps.isEmpty() ? "" : ".").append(step);
        }
        return steps.toString();
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
        path = modulePath();
        out.defaultWriteObject();
    }

    /**
     * Returns the name under which {@code parent} or a module below it holds {@code child}, or the class of {@code child} if
     * none does.
     */
    private static String step(Module<?, ?> parent, Module<?, ?> child) {
        String name = find(parent, child, Collections.newSetFromMap(new IdentityHashMap<>()));
        return name == null ? child.className() : name;
    }

    private static @Nullable String find(Module<?, ?> parent, Module<?, ?> child, Set<Module<?, ?>> seen) {
        if (!seen.add(parent)) {
            return null;
        }
        for (Named<Module<?, ?>> entry : parent.namedChildren()) {
            if (entry.value() == child) {
                return entry.name();
            }
            String below = find(entry.value(), child, seen);
            if (below != null) {
                return entry.name() + "." + below;
            }
        }
        return null;
    }

    @Override
    public String getMessage() {
        String where = modulePath();
        return (where.isEmpty() ? "in " + className : "in " + where + " (" + className + ")") + ": "
                + super.getMessage();
    }
}
