package org.jtorch.nn.internal.modules;

import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.internal.ClosedPackages;
import org.jtorch.nn.Module;

/**
 * Creates the input of a module from arguments as in a Python call, by position and by name. The input is one value, or a
 * record whose components have the order and the names of PyTorch's {@code forward}.
 */
public final class ForwardInput {

    private ForwardInput() {}

    /** Returns the type of the input of the module's {@code forward}, as its class declares it. */
    public static Class<?> type(Module<?, ?> module) {
        return forward(module).getParameterTypes()[0];
    }

    /** Returns the type of the output of the module's {@code forward}, as its class declares it. */
    public static Class<?> outputType(Module<?, ?> module) {
        return forward(module).getReturnType();
    }

    private static Method forward(Module<?, ?> module) {
        for (Class<?> c = module.getClass(); c != null; c = c.getSuperclass()) {
            for (Method method : c.getDeclaredMethods()) {
                if (method.getName().equals("forward") && method.getParameterCount() == 1 && !method.isBridge()) {
                    return method;
                }
            }
        }
        throw new IllegalStateException(module.getClass() + " has no forward");
    }

    /**
     * Returns the input of these arguments.
     *
     * @throws IllegalArgumentException if the module does not accept them; the message says what it accepts
     */
    public static Object of(
            Module<?, ?> module,
            List<? extends @Nullable Object> args,
            Map<String, ? extends @Nullable Object> kwargs) {
        Class<?> type = type(module);
        if (type.isRecord()) {
            return record(module, type, args, kwargs);
        }
        List<@Nullable Object> all = new ArrayList<>(args);
        all.addAll(kwargs.values());
        if (all.size() == 1) {
            return Objects.requireNonNull(all.get(0), "a module's only input must not be null");
        }
        throw new IllegalArgumentException(module.className() + " takes one input, not " + all.size());
    }

    /** Arguments that are not given are null or false. */
    private static Object record(
            Module<?, ?> module,
            Class<?> type,
            List<? extends @Nullable Object> args,
            Map<String, ? extends @Nullable Object> kwargs) {
        RecordComponent[] components = type.getRecordComponents();
        if (args.size() > components.length) {
            throw new IllegalArgumentException(
                    module.className() + " takes " + names(components) + ", and no " + args.size() + " inputs");
        }
        Map<String, @Nullable Object> left = new LinkedHashMap<>();
        kwargs.forEach((name, value) -> left.put(camelCase(name), value));
        Class<?>[] types = new Class<?>[components.length];
        @Nullable Object[] values = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            Object given = i < args.size() ? args.get(i) : left.remove(components[i].getName());
            values[i] = given == null && types[i] == boolean.class ? Boolean.FALSE : converted(module, given, types[i]);
        }
        if (!left.isEmpty()) {
            throw new IllegalArgumentException(
                    module.className() + " takes " + names(components) + ", and no " + left.keySet());
        }
        return made(module, type, types, values);
    }

    private static Object made(Module<?, ?> module, Class<?> type, Class<?>[] types, @Nullable Object[] values) {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InaccessibleObjectException e) {
            throw ClosedPackages.refused("the constructor", type, ForwardInput.class, e);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(type + " cannot be made", e);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    module.className() + " takes " + names(type.getRecordComponents()) + ", of which no "
                            + type.getSimpleName() + " can be made here: " + e.getMessage(),
                    e);
        }
    }

    private static String names(RecordComponent[] components) {
        List<String> names = new ArrayList<>();
        for (RecordComponent component : components) {
            names.add(component.getName());
        }
        return String.join(", ", names);
    }

    /**
     * Converts an argument to the type of a parameter: a list of numbers to a tensor or an array, and a list of parts to a
     * record.
     */
    public static @Nullable Object converted(Module<?, ?> module, @Nullable Object value, Class<?> type) {
        if (value instanceof List<?> parts && type.isRecord()) {
            return record(module, type, new ArrayList<>(parts), Map.of());
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
