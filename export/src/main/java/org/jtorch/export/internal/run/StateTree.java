package org.jtorch.export.internal.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.nn.Module;

/**
 * Where the tensors that a graph reads are in the tree of a module. They are looked up at each call, since any of them, and any
 * module that holds them, may have been replaced; each module is looked up once.
 */
final class StateTree {

    /** A parameter or a buffer of a module, and its place among the inputs of the graph. */
    private record Entry(int place, String key, boolean parameter) {}

    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, StateTree> children = new LinkedHashMap<>();

    /**
     * Adds a tensor.
     *
     * @param name its path, such as {@code encoder.fc.weight}
     * @param place its place among the inputs of the graph
     * @param parameter whether it is a parameter, or else a buffer
     */
    void add(String name, int place, boolean parameter) {
        int dot = name.indexOf('.');
        if (dot < 0) {
            entries.add(new Entry(place, name, parameter));
        } else {
            children.computeIfAbsent(name.substring(0, dot), key -> new StateTree())
                    .add(name.substring(dot + 1), place, parameter);
        }
    }

    /** Puts the tensors of a module into their places. */
    void read(Module<?, ?> module, @Nullable Object[] values) {
        for (Entry entry : entries) {
            values[entry.place] = entry.parameter ? module.getParameter(entry.key) : module.getBuffer(entry.key);
        }
        children.forEach((name, child) -> child.read(module.getSubmodule(name), values));
    }
}
