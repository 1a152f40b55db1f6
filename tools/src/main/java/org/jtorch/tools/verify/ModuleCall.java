package org.jtorch.tools.verify;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.nn.Module;

/**
 * Calls a module as Python would: with arguments by position and by name. What a module takes is one value, or a record
 * whose components stand in the order of PyTorch's {@code forward} and have its names.
 */
final class ModuleCall {

    private ModuleCall() {}

    @SuppressWarnings("unchecked")
    static @Nullable Object call(Module<?, ?> module, List<@Nullable Object> args, Map<String, @Nullable Object> kwargs)
            throws ReflectiveOperationException {
        Class<?> inputType = inputType(module.getClass());
        if (inputType.isRecord()) {
            return ((Module<Object, Object>) module).call(record(inputType, args, kwargs));
        }
        List<@Nullable Object> all = new ArrayList<>(args);
        all.addAll(kwargs.values());
        if (all.size() == 1) {
            return ((Module<Object, Object>) module).call(all.get(0));
        }
        // an argument that only an overload takes, as the size of a transposed convolution's output
        for (Method method : module.getClass().getMethods()) {
            if (method.getName().equals("call") && method.getParameterCount() == all.size()) {
                @Nullable Object[] values = new @Nullable Object[all.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = converted(all.get(i), method.getParameterTypes()[i]);
                }
                return method.invoke(module, values);
            }
        }
        throw new Disagreement(module.getClass() + " takes one argument, not " + all.size());
    }

    private static Class<?> inputType(Class<?> type) {
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            for (Method method : c.getDeclaredMethods()) {
                if (method.getName().equals("forward") && method.getParameterCount() == 1 && !method.isBridge()) {
                    return method.getParameterTypes()[0];
                }
            }
        }
        throw new Disagreement(type + " has no forward");
    }

    /** What is not given is null, or false. */
    private static Object record(Class<?> type, List<@Nullable Object> args, Map<String, @Nullable Object> kwargs)
            throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        if (args.size() > components.length) {
            throw new Disagreement(type + " has no place for " + args.size() + " arguments");
        }
        Map<String, @Nullable Object> left = new LinkedHashMap<>();
        kwargs.forEach((name, value) -> left.put(camelCase(name), value));
        Class<?>[] types = new Class<?>[components.length];
        @Nullable Object[] values = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            Object given = i < args.size() ? args.get(i) : left.remove(components[i].getName());
            values[i] = given == null && types[i] == boolean.class ? Boolean.FALSE : converted(given, types[i]);
        }
        if (!left.isEmpty()) {
            throw new Disagreement(type + " has no place for " + left.keySet());
        }
        Constructor<?> constructor = type.getDeclaredConstructor(types);
        return constructor.newInstance(values);
    }

    /** A list of numbers is a tensor or an array to those that take one, a list of parts a record. */
    private static @Nullable Object converted(@Nullable Object value, Class<?> type)
            throws ReflectiveOperationException {
        if (value instanceof List<?> parts && type.isRecord()) {
            return record(type, new ArrayList<>(parts), Map.of());
        }
        if (value instanceof List<?> list && (type == Tensor.class || type == long[].class)) {
            long[] numbers =
                    list.stream().mapToLong(x -> ((Number) x).longValue()).toArray();
            return type == Tensor.class ? Torch.tensor(numbers) : numbers;
        }
        if (value instanceof Number number && type == Tensor.class) {
            return Torch.full(new long[0], number, TensorOptions.DEFAULT.dtype(DType.FLOAT64));
        }
        return value;
    }

    private static String camelCase(String name) {
        StringBuilder out = new StringBuilder();
        boolean upper = false;
        for (char c : name.toCharArray()) {
            if (c == '_') {
                upper = true;
            } else {
                out.append(upper ? Character.toUpperCase(c) : c);
                upper = false;
            }
        }
        return out.toString();
    }
}
