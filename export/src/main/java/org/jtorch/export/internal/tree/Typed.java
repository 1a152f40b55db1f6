package org.jtorch.export.internal.tree;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.export.graph.ExportException;
import org.jtorch.nn.internal.Records;

/**
 * Converts between a program's trees of lists and maps and Java's types: a record stands for a dict, a tuple or named fields. Its
 * components have the names of the keys, in Java's spelling, or the order of the elements.
 */
public final class Typed {

    private Typed() {}

    /** Returns the Python spelling of a Java name: {@code lastHiddenState} is {@code last_hidden_state}. */
    public static String snake(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    /** Returns a value with maps in place of records. */
    public static @Nullable Object toTree(@Nullable Object value) {
        if (value instanceof Record node && !(value instanceof Device)) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            RecordComponent[] components = Records.components(node.getClass());
            @Nullable Object[] values = Records.values(node);
            for (int i = 0; i < values.length; i++) {
                map.put(snake(components[i].getName()), toTree(values[i]));
            }
            return map;
        }
        if (value instanceof Optional<?> optional) {
            return toTree(optional.orElse(null));
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> all = new ArrayList<>(list.size());
            list.forEach(each -> all.add(toTree(each)));
            return all;
        }
        if (value instanceof Object[] array) {
            return toTree(Arrays.asList(array));
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> all = new LinkedHashMap<>();
            map.forEach((key, each) -> all.put(key, toTree(each)));
            return all;
        }
        return value;
    }

    /**
     * Returns a value of a type.
     *
     * @param value a tree of lists and maps
     * @param place what the value is, for messages
     * @throws ExportException if the value does not have that type
     */
    public static @Nullable Object fromTree(@Nullable Object value, Type type, String place) {
        if (type instanceof ParameterizedType generic) {
            Type inner = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            if (generic.getRawType() == Optional.class) {
                return Optional.ofNullable(value == null ? null : fromTree(value, inner, place));
            }
            if (generic.getRawType() == List.class && value instanceof List<?> list) {
                List<@Nullable Object> all = new ArrayList<>(list.size());
                for (Object each : list) {
                    all.add(fromTree(each, inner, place + "[" + all.size() + "]"));
                }
                return all;
            }
            if (generic.getRawType() == Map.class && value instanceof Map<?, ?> map) {
                Map<Object, @Nullable Object> all = new LinkedHashMap<>();
                map.forEach((key, each) -> all.put(key, fromTree(each, inner, place + "['" + key + "']")));
                return all;
            }
            return fromTree(value, generic.getRawType(), place);
        }
        Class<?> raw = (Class<?>) type;
        if (raw.isRecord() && value != null) {
            return record(value, raw, place);
        }
        if (raw == Tensor.class && value != null && !(value instanceof Tensor)) {
            return only(value, place);
        }
        Object number = number(value, raw);
        if (number != null || value == null && !raw.isPrimitive()) {
            return number;
        }
        if (!raw.isInstance(value)) {
            throw wrong(value, raw.getSimpleName(), place);
        }
        return value;
    }

    private static @Nullable Object number(@Nullable Object value, Class<?> raw) {
        if (value instanceof Boolean && raw == boolean.class) {
            return value;
        }
        if (!(value instanceof Number number)) {
            return null;
        }
        if (raw == long.class || raw == Long.class) {
            return number.longValue();
        }
        if (raw == int.class || raw == Integer.class) {
            return Math.toIntExact(number.longValue());
        }
        return raw == double.class || raw == Double.class ? (Object) number.doubleValue() : null;
    }

    private static Object record(Object value, Class<?> type, String place) {
        RecordComponent[] components = Records.components(type);
        @Nullable Object[] parts = new @Nullable Object[components.length];
        for (int i = 0; i < parts.length; i++) {
            String name = components[i].getName();
            Object part;
            if (value instanceof Map<?, ?> map) {
                String key = map.containsKey(name) ? name : snake(name);
                if (!map.containsKey(key)) {
                    throw new ExportException(place + " has no '" + key + "' for the component " + name + " of "
                            + type.getSimpleName() + "; it has " + map.keySet());
                }
                part = map.get(key);
            } else if (value instanceof List<?> list && list.size() == parts.length) {
                part = list.get(i);
            } else {
                throw wrong(value, type.getSimpleName() + " with " + parts.length + " components", place);
            }
            boolean absent = part == null && components[i].getType() == Tensor.class;
            parts[i] = absent ? null : fromTree(part, components[i].getGenericType(), place + "." + name);
        }
        return Records.make(type, parts);
    }

    /** Returns the only tensor of a value. */
    private static Tensor only(@Nullable Object value, String place) {
        List<Tensor> tensors = new ArrayList<>();
        collect(value, tensors);
        if (tensors.size() != 1) {
            throw new ExportException(place + " has " + tensors.size()
                    + " tensors, so it is no Tensor: use a record with a" + " component for each, or Object");
        }
        return tensors.get(0);
    }

    private static void collect(@Nullable Object value, List<Tensor> tensors) {
        if (value instanceof Tensor tensor) {
            tensors.add(tensor);
        } else if (value instanceof List<?> list) {
            list.forEach(each -> collect(each, tensors));
        } else if (value instanceof Map<?, ?> map) {
            map.values().forEach(each -> collect(each, tensors));
        }
    }

    private static ExportException wrong(@Nullable Object value, String wanted, String place) {
        String is = value == null
                ? "null"
                : value instanceof Map<?, ?> map
                        ? "a map with the keys " + map.keySet()
                        : value instanceof List<?> list
                                ? "a list of " + list.size()
                                : value.getClass().getSimpleName();
        return new ExportException(place + " is " + is + ", not a " + wanted);
    }
}
