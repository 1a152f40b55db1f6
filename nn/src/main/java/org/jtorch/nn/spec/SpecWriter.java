package org.jtorch.nn.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.nn.Module;

/**
 * Converts values to the format of {@link SpecJson}, as a tree of JSON types: maps, lists, strings, numbers, booleans and null.
 */
final class SpecWriter {

    private SpecWriter() {}

    static Map<String, @Nullable Object> tree(ModuleSpec spec) {
        return module(spec, "", 1);
    }

    private static Map<String, @Nullable Object> module(ModuleSpec spec, String path, int depth) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("module", spec.module());
        if (!spec.args().isEmpty()) {
            tree.put("args", list(spec.args(), inside(path, "args"), depth + 1));
        }
        if (!spec.kwargs().isEmpty()) {
            tree.put("kwargs", entries(spec.kwargs(), inside(path, "kwargs"), depth + 1));
        }
        return tree;
    }

    private static @Nullable Object value(@Nullable Object value, String path, int depth) {
        if (value == null || value instanceof Boolean || value instanceof String || value instanceof Long) {
            return value;
        }
        checkDepth(path, depth);
        if (value instanceof Double number) {
            return number(number);
        } else if (value instanceof ModuleSpec spec) {
            return module(spec, path, depth);
            // This check comes before lists and maps, because some modules are lists or maps.
        } else if (value instanceof Module<?, ?> module) {
            throw refusal(path, "a live " + module.className() + " is not data: give a ModuleSpec");
        } else if (value instanceof List<?> list) {
            return list(list, path, depth);
        } else if (value instanceof Map<?, ?> map) {
            boolean clashes = map.keySet().stream().anyMatch(SpecJson.TAGS::contains);
            return clashes ? single("dict", entries(map, path, depth + 1)) : entries(map, path, depth);
        } else if (value instanceof Tensor tensor) {
            checkDepth(path, depth + tensor.dim() + 1);
            return tensor(tensor, path);
        } else if (value instanceof DType dtype) {
            return single("dtype", dtype.torchName());
        } else if (value instanceof Device device) {
            return single("device", device.toString());
        } else if (value instanceof FunctionSpec function) {
            return single("function", function.name());
        }
        throw refusal(
                path,
                "a " + value.getClass().getName()
                        + " cannot be written as JSON: give a number, a string, a list, a map, a tensor,"
                        + " a DType, a Device, or a function or module as FunctionSpec or ModuleSpec");
    }

    private static List<@Nullable Object> list(List<?> values, String path, int depth) {
        checkDepth(path, depth);
        List<@Nullable Object> tree = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            tree.add(value(values.get(i), path + "[" + i + "]", depth + 1));
        }
        return tree;
    }

    private static Map<String, @Nullable Object> entries(Map<?, ?> values, String path, int depth) {
        checkDepth(path, depth);
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            if (!(key instanceof String name)) {
                throw refusal(path, "the key " + key + " is not a string, but JSON requires keys to be strings");
            }
            tree.put(name, value(value, inside(path, name), depth + 1));
        });
        return tree;
    }

    /** Throws if a value is nested too deeply to be read again. */
    private static void checkDepth(String path, long depth) {
        if (depth > SpecJson.MAX_NESTING) {
            throw new IllegalArgumentException("values are nested more than " + SpecJson.MAX_NESTING + " deep, at "
                    + path.substring(0, Math.min(100, path.length())) + "..: more is not read again");
        }
    }

    private static Object tensor(Tensor tensor, String path) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        try {
            tree.put("tensor", numbers(TensorValues.values(tensor)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
        }
        tree.put("dtype", tensor.dtype().torchName());
        if (tensor.requiresGrad()) {
            tree.put("requires_grad", true);
        }
        return tree;
    }

    private static Object numbers(Object values) {
        return values instanceof List<?> list
                ? list.stream().map(SpecWriter::numbers).toList()
                : values instanceof Double number ? number(number) : values;
    }

    private static Object number(Double value) {
        if (Double.isFinite(value)) {
            return value;
        }
        return single("float", value.isNaN() ? "nan" : value > 0 ? "inf" : "-inf");
    }

    private static Map<String, @Nullable Object> single(String tag, Object value) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put(tag, value);
        return tree;
    }

    private static String inside(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static IllegalArgumentException refusal(String path, String what) {
        return new IllegalArgumentException(path + ": " + what);
    }
}
