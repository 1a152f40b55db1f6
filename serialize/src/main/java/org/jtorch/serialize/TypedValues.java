package org.jtorch.serialize;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.contents.DistributedTensors;
import org.jtorch.serialize.internal.contents.Entries;
import org.jtorch.serialize.internal.contents.StateDicts;
import org.jtorch.serialize.internal.pickle.Kinds;
import org.jtorch.serialize.python.NumpyScalar;
import org.jtorch.serialize.python.Tuple;

/** Converts values of a checkpoint to the requested Java type, or describes why this is not possible. */
final class TypedValues {

    /** The number of characters of a value in a message. */
    private static final int SHOWN = 60;

    private TypedValues() {}

    static long integer(String name, @Nullable Object value) {
        Object plain = plain(value);
        if (plain instanceof Long number) {
            return number;
        }
        if (plain instanceof BigInteger) {
            throw new CheckpointException(
                    name + " is the int " + shown(plain) + ", which does not fit in 64 bits: read it with root()");
        }
        throw wrong(name, value, "an int");
    }

    static double number(String name, @Nullable Object value) {
        Object plain = plain(value);
        if (plain instanceof Double || plain instanceof Long || plain instanceof BigInteger) {
            return ((Number) plain).doubleValue();
        }
        throw wrong(name, value, "a float or an int");
    }

    static boolean truth(String name, @Nullable Object value) {
        if (plain(value) instanceof Boolean truth) {
            return truth;
        }
        throw wrong(name, value, "a bool");
    }

    static String text(String name, @Nullable Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw wrong(name, value, "a str");
    }

    static Tensor tensor(String name, @Nullable Object value) {
        if (DistributedTensors.local(value) instanceof Tensor tensor) {
            return tensor;
        }
        throw wrong(name, value, "a tensor");
    }

    static Map<?, ?> map(String name, @Nullable Object value) {
        Map<?, ?> map = Entries.dict(value);
        if (map == null) {
            throw wrong(name, value, "a dict");
        }
        return map;
    }

    static List<?> list(String name, @Nullable Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        if (value instanceof Tuple tuple) {
            return tuple.values();
        }
        throw wrong(name, value, "a list or a tuple");
    }

    /** Returns a dict that has the entries of PyTorch's {@code optimizer.state_dict()}. */
    /**
     * Returns the state of an optimizer as it was before it was saved to a distributed checkpoint, which has texts in place of
     * the numbers of parameters, and no dict without entries; any other value itself.
     */
    static @Nullable Object numbered(@Nullable Object value) {
        Map<?, ?> map = Entries.dict(value);
        if (map == null || !(map.get("param_groups") instanceof List<?> groups)) {
            return value;
        }
        Object state = map.containsKey("state") ? map.get("state") : Map.of();
        if (!(state instanceof Map<?, ?> entries)) {
            return value;
        }
        Set<Object> numbers = new HashSet<>();
        for (Object group : groups) {
            if (group instanceof Map<?, ?> each && each.get("params") instanceof List<?> params) {
                numbers.addAll(params);
            }
        }
        Map<String, Long> byText = new HashMap<>();
        numbers.forEach(number -> {
            if (number instanceof Long index && !numbers.contains(index.toString())) {
                byText.put(index.toString(), index);
            }
        });
        Map<@Nullable Object, @Nullable Object> renamed = new LinkedHashMap<>();
        entries.forEach((key, entry) -> {
            Long number = key instanceof String text ? byText.get(text) : null;
            renamed.put(number == null ? key : number, entry);
        });
        Map<@Nullable Object, @Nullable Object> copy = new LinkedHashMap<>(map);
        copy.put("state", renamed);
        return copy;
    }

    static Map<?, ?> optimizerState(String name, @Nullable Object value) {
        Map<?, ?> map = Entries.dict(value);
        if (map != null && StateDicts.isOptimizerState(map)) {
            return map;
        }
        String what = map == null
                ? described(value)
                : StateDicts.isStateDict(value)
                        ? "a state dict of a module"
                        : map.isEmpty() ? "an empty dict" : "a dict with " + StateDicts.some(map.keySet());
        throw new CheckpointException(name + " is " + what
                + ", not the state of an optimizer, which is a dict with 'state' and 'param_groups'"
                + remedy(value, map));
    }

    private static String remedy(@Nullable Object value, @Nullable Map<?, ?> map) {
        if (map == null) {
            return StateDicts.remedy(value);
        }
        if (StateDicts.isStateDict(value)) {
            return ": read it with stateDict";
        }
        Iterator<?> inner = map.entrySet().stream()
                .filter(e -> e.getValue() instanceof Map<?, ?> dict && StateDicts.isOptimizerState(dict))
                .map(Map.Entry::getKey)
                .iterator();
        return inner.hasNext() ? ": take what is at \"" + inner.next() + "\"" : "";
    }

    /** Returns Python's value for a numpy scalar. */
    private static @Nullable Object plain(@Nullable Object value) {
        return value instanceof NumpyScalar scalar ? scalar.value() : value;
    }

    private static CheckpointException wrong(String name, @Nullable Object value, String wanted) {
        return new CheckpointException(name + " is " + described(value) + ", not " + wanted + accessor(value));
    }

    private static String described(@Nullable Object value) {
        return switch (kind(value)) {
            case NUMBER, TEXT, TRUTH -> Kinds.of(plain(value)).replaceFirst("^an? ", "the ") + " " + shown(value);
            case OTHER -> Kinds.of(value);
            default -> {
                String size =
                        value instanceof Tensor tensor && !tensor.isUninitialized() ? " of shape " + tensor.size() : "";
                yield (value instanceof Tensor ? "a tensor" : Kinds.of(value)) + size;
            }
        };
    }

    private static String shown(@Nullable Object value) {
        String text = String.valueOf(plain(value));
        String cut = text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
        return value instanceof String ? "'" + cut + "'" : cut;
    }

    private enum Kind {
        NUMBER,
        TRUTH,
        TEXT,
        TENSOR,
        DICT,
        LIST,
        OTHER
    }

    private static Kind kind(@Nullable Object value) {
        Object plain = plain(value);
        if (plain instanceof Number) {
            return Kind.NUMBER;
        }
        if (plain instanceof Boolean) {
            return Kind.TRUTH;
        }
        if (plain instanceof String) {
            return Kind.TEXT;
        }
        if (value instanceof Tensor) {
            return Kind.TENSOR;
        }
        if (value instanceof List || value instanceof Tuple) {
            return Kind.LIST;
        }
        return Entries.dict(value) != null ? Kind.DICT : Kind.OTHER;
    }

    /** Returns the name of the method that reads a value of this kind. */
    private static String accessor(@Nullable Object value) {
        return switch (kind(value)) {
            case NUMBER -> ": read it with " + (plain(value) instanceof Double ? "getDouble" : "getLong");
            case TRUTH -> ": read it with getBoolean";
            case TEXT -> ": read it with getString";
            case TENSOR -> ": read it with getTensor";
            case LIST -> ": read it with getList";
            case DICT ->
                ": read it with "
                        + (StateDicts.isStateDict(value)
                                ? "stateDict"
                                : StateDicts.isOptimizerState(map("", value)) ? "optimizerState" : "getMap");
            case OTHER -> value == null ? "" : ": read it with at(...).root()";
        };
    }
}
