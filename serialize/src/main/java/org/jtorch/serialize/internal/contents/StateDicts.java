package org.jtorch.serialize.internal.contents;

import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.state.StateDict;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.pickle.Kinds;
import org.jtorch.serialize.internal.stored.StoredTensor;
import org.jtorch.serialize.python.OrderedDict;
import org.jtorch.serialize.python.PythonObject;

/**
 * Converts values of files to state dicts and back. The form in a file is an OrderedDict with the attribute {@code
 * _metadata}.
 */
public final class StateDicts {

    private static final String METADATA = "_metadata";

    private StateDicts() {}

    /** Returns the entries of {@code value}, including those that are not tensors, such as a module's extra state. */
    public static StateDict of(@Nullable Object value) {
        if (value instanceof PythonObject object && object.isModule()) {
            return of(ModuleState.of(object));
        }
        Map<?, ?> map = Entries.dict(value);
        if (map == null) {
            throw new CheckpointException(
                    "the checkpoint is " + Kinds.of(value) + ", not a state dict" + remedy(value));
        }
        StateDict state = new StateDict();
        List<Object> inner = new ArrayList<>();
        // a value may occur many times
        Map<Object, Boolean> seen = new IdentityHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (entry.getKey() instanceof String key) {
                state.putEntry(key, DistributedTensors.local(entry.getValue()));
            }
            Object inside = entry.getValue();
            if (inside != null && seen.put(inside, true) == null && isStateDict(inside)) {
                inner.add(entry.getKey());
            }
        }
        if (state.isEmpty()
                && state.entries().keySet().stream().noneMatch(StateDicts::isExtraState)
                && !map.isEmpty()) {
            throw new CheckpointException(
                    "the checkpoint is not a state dict: none of its " + map.size() + " entries is a tensor. "
                            + (isOptimizerState(map)
                                    ? "It is the state of an optimizer: pass the result of optimizerState(key) to its loadStateDict"
                                    : inner.isEmpty()
                                            ? "It has " + some(map.keySet())
                                            : "Take at(\"" + shown(inner.get(0)) + "\").stateDict()"));
        }
        state.metadata().putAll(metadata(value));
        return state;
    }

    /** Returns the remedy for an object that people save by mistake, or that contains a state dict. */
    public static String remedy(@Nullable Object value) {
        if (!(value instanceof PythonObject object)) {
            return "";
        }
        if (object.attribute("param_groups") instanceof List && object.attribute("state") instanceof Map) {
            return ": it is an optimizer. In Python, save its state_dict() instead";
        }
        Map<?, ?> attributes = object.attributes();
        return attributes == null || attributes.isEmpty() ? "" : ". It has " + some(attributes.keySet());
    }

    public static boolean isOptimizerState(Map<?, ?> map) {
        return map.get("param_groups") instanceof List && map.get("state") instanceof Map;
    }

    /** Returns whether a key is that of extra state, which a module without tensors may have. */
    private static boolean isExtraState(String key) {
        return key.equals("_extra_state") || key.endsWith("._extra_state");
    }

    public static boolean isStateDict(@Nullable Object value) {
        if (value instanceof PythonObject object && object.isModule()) {
            return true;
        }
        Map<?, ?> map = Entries.dict(value);
        return map != null && map.values().stream().anyMatch(each -> isTensor(DistributedTensors.local(each)));
    }

    private static boolean isTensor(@Nullable Object value) {
        return value instanceof Tensor || value instanceof StoredTensor;
    }

    /** Returns the metadata of a state dict; empty if there are none. */
    public static Map<String, Map<String, Object>> metadata(@Nullable Object value) {
        Map<String, Map<String, Object>> metadata = new LinkedHashMap<>();
        Object found = value instanceof OrderedDict dict
                ? dict.attributes().get(METADATA)
                : value instanceof PythonObject object ? object.attribute(METADATA) : null;
        if (found instanceof Map<?, ?> map) {
            readMetadata(map, metadata);
        }
        return metadata;
    }

    private static void readMetadata(Map<?, ?> from, Map<String, Map<String, Object>> to) {
        KeyBudget budget = new KeyBudget();
        from.forEach((path, entries) -> {
            if (path instanceof String name && entries instanceof Map<?, ?> values) {
                Map<String, Object> copy = new LinkedHashMap<>();
                values.forEach((key, value) -> {
                    if (key instanceof String text && value != null) {
                        copy.put(budget.take(text), value);
                    }
                });
                to.put(name, copy);
            }
        });
    }

    /** Returns the form in which PyTorch saves {@code state}. */
    public static OrderedDict form(StateDict state) {
        OrderedDict dict = new OrderedDict(state.entries());
        if (!state.metadata().isEmpty()) {
            dict.attributes().put(METADATA, new OrderedDict(state.metadata()));
        }
        return dict;
    }

    /** Returns the first few of {@code keys}, for messages. */
    public static String some(Collection<?> keys) {
        String shown = keys.stream().limit(8).map(key -> "'" + shown(key) + "'").collect(Collectors.joining(", "));
        return keys.size() > 8 ? shown + " and " + (keys.size() - 8) + " more" : shown;
    }

    private static String shown(@Nullable Object key) {
        String text = String.valueOf(key);
        return PythonText.printable(text.length() > 100 ? text.substring(0, 100) + "..." : text);
    }
}
