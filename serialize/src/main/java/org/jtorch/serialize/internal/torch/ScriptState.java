package org.jtorch.serialize.internal.torch;

import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.Layout;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.contents.KeyBudget;
import org.jtorch.serialize.internal.pickle.Kinds;
import org.jtorch.serialize.internal.stored.StoredTensor;
import org.jtorch.serialize.python.OrderedDict;
import org.jtorch.serialize.python.PythonObject;

/**
 * The state dict of a TorchScript module, as {@code torch.jit.load(...).state_dict()}. It includes buffers that were not
 * persistent, since the archive does not say which those are.
 */
public final class ScriptState {

    /** Classes of PyTorch written in C++: packed weights of quantized layers. They are not modules and have no source. */
    private static final String BUILT_IN = "__torch__.torch.classes.";

    private final ScriptClasses classes;
    private final OrderedDict state = new OrderedDict();
    private final KeyBudget budget = new KeyBudget();
    private final Map<StoredTensor, StoredTensor> detached = new IdentityHashMap<>();
    private final Map<PythonObject, Boolean> path = new IdentityHashMap<>();

    private ScriptState(ScriptClasses classes) {
        this.classes = classes;
    }

    static OrderedDict of(@Nullable Object module, ScriptClasses classes) {
        if (!(module instanceof PythonObject object)) {
            throw new CheckpointException("the TorchScript archive contains " + Kinds.of(module) + ", not a module");
        }
        ScriptState state = new ScriptState(classes);
        state.add("", object);
        return state.state;
    }

    private void add(String prefix, PythonObject module) {
        if (module.state() == null || module.name().startsWith(BUILT_IN)) {
            return;
        }
        ScriptClasses.Names names = classes.names(module.name());
        if (names == null) {
            throw new CheckpointException("the TorchScript archive does not contain the source of " + module.name()
                    + ", which lists its parameters and buffers");
        }
        if (!names.module()) {
            return;
        }
        if (names.hasOwnState()) {
            putRecord(prefix, module, names.parameters());
            putRecord(prefix, module, names.buffers());
            return;
        }
        if (!(module.state() instanceof Map<?, ?> attributes)) {
            return;
        }
        if (path.put(module, true) != null) {
            throw new CheckpointException(
                    "the module " + prefix + " (" + module.name() + ") contains itself, so it has no state dict");
        }
        budget.look(
                attributes.size() + names.parameters().size() + names.buffers().size());
        put(prefix, attributes, names.parameters());
        put(prefix, attributes, names.buffers());
        for (Map.Entry<?, ?> attribute : attributes.entrySet()) {
            if (attribute.getValue() instanceof PythonObject child
                    && child.name().startsWith("__torch__.")) {
                add(budget.take(prefix + attribute.getKey() + "."), child);
            }
        }
        path.remove(module);
    }

    /** Puts the module with its state in the place of each tensor that only the module's code could find there. */
    private void putRecord(String prefix, PythonObject module, Iterable<String> names) {
        for (String name : names) {
            state.put(budget.take(prefix + name), module);
        }
    }

    private void put(String prefix, Map<?, ?> attributes, Iterable<String> names) {
        for (String name : names) {
            if (attributes.get(name) instanceof StoredTensor tensor) {
                state.put(
                        budget.take(prefix + name),
                        detached.computeIfAbsent(
                                tensor,
                                t -> t.layout() == Layout.STRIDED
                                        ? t.with(t.traits().detached())
                                        : t));
            } else if (attributes.get(name) instanceof PythonObject record) {
                // a tensor that is not understood
                state.put(budget.take(prefix + name), record);
            }
        }
    }
}
