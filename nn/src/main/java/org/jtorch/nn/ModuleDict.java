package org.jtorch.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Modules under names. */
public class ModuleDict<M extends Module<?, ?>> extends Module<Object, Object> {

    @Unregistered
    private final Map<String, M> entries = new LinkedHashMap<>();

    public @Nullable M get(String name) {
        return entries.get(name);
    }

    public void put(String name, M module) {
        entries.put(name, module);
    }

    public void remove(String name) {
        entries.remove(name);
    }

    public boolean containsKey(String name) {
        return entries.containsKey(name);
    }

    public boolean isEmpty() {
        return entries.isEmpty();
    }

    public Set<String> keySet() {
        return entries.keySet();
    }

    @Override
    void visitChildren(BiConsumer<String, Module<?, ?>> visitor) {
        entries.forEach(visitor);
    }

    @Override
    protected Object forward(Object input) {
        throw new UnsupportedOperationException("a ModuleDict has no forward");
    }
}
