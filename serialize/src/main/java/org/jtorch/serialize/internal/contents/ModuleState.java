package org.jtorch.serialize.internal.contents;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.python.OrderedDict;
import org.jtorch.serialize.python.PythonObject;

/** Computes the state dict of a module that is only a record, with the keys of {@code model.state_dict()}. */
public final class ModuleState {

    private static final String NON_PERSISTENT = "_non_persistent_buffers_set";

    private final OrderedDict state = new OrderedDict();
    private final KeyBudget budget = new KeyBudget();
    private final Map<Tensor, Tensor> detached = new IdentityHashMap<>();
    private final Map<PythonObject, Boolean> path = new IdentityHashMap<>();

    private ModuleState() {}

    /** Returns the parameters, then the persistent buffers, then those of the children. */
    public static OrderedDict of(PythonObject module) {
        ModuleState state = new ModuleState();
        state.add("", module);
        return state.state;
    }

    private void add(String prefix, PythonObject module) {
        if (path.put(module, true) != null) {
            throw new CheckpointException(
                    "the module " + prefix + " (" + module.name() + ") contains itself, so it has no state dict");
        }
        put(prefix, module.parameters(), Set.of());
        put(prefix, module.buffers(), module.attribute(NON_PERSISTENT) instanceof Set<?> left ? left : Set.of());
        budget.look(module.modules().size());
        for (Map.Entry<?, ?> child : module.modules().entrySet()) {
            if (child.getValue() instanceof PythonObject object && object.isModule()) {
                add(budget.take(prefix + child.getKey() + "."), object);
            }
        }
        path.remove(module);
    }

    private void put(String prefix, Map<?, ?> tensors, Set<?> left) {
        budget.look(tensors.size());
        for (Map.Entry<?, ?> entry : tensors.entrySet()) {
            @Nullable Object value = entry.getValue();
            if (value != null && !left.contains(entry.getKey())) {
                state.put(
                        budget.take(prefix + entry.getKey()),
                        value instanceof Tensor tensor && !tensor.isUninitialized()
                                ? detached.computeIfAbsent(tensor, Tensor::detach)
                                : value);
            }
        }
    }
}
