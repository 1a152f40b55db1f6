package org.jtorch.parity;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.nn.Module;
import org.jtorch.nn.pooling.AdaptiveAvgPool2d;

/**
 * Makes a module from its PyTorch name and arguments, by the rule that all layers follow: what the constructor takes by
 * position has PyTorch's names in camelCase, and so have the methods of the options.
 */
final class ModuleBuilder {

    private static final List<String> PACKAGES =
            List.of("linear", "conv", "pooling", "norm", "activation", "sparse", "dropout", "loss", "flatten");

    private ModuleBuilder() {}

    static Module<?, ?> build(String name, Map<String, @Nullable Object> arguments) throws Exception {
        Map<String, @Nullable Object> left = new LinkedHashMap<>();
        arguments.forEach((key, value) -> left.put(camelCase(key), value));
        // what changes the type of the result is a class of its own
        boolean indices = Boolean.TRUE.equals(left.remove("returnIndices"));
        Class<?> type = find(indices ? name + "WithIndices" : name);
        if (type == AdaptiveAvgPool2d.class && left.get("outputSize") instanceof List<?> size) {
            return new AdaptiveAvgPool2d((Number) size.get(0), (Number) size.get(1));
        }
        List<Constructor<?>> constructors = new ArrayList<>(List.of(type.getConstructors()));
        constructors.sort(Comparator.comparing(c -> -c.getParameterCount()));
        for (Constructor<?> constructor : constructors) {
            Optional<Module<?, ?>> made = tryWith(constructor, left);
            if (made.isPresent()) {
                return made.get();
            }
        }
        throw new AssertionError("no constructor of " + type + " takes " + left);
    }

    private static Class<?> find(String name) {
        for (String family : PACKAGES) {
            try {
                return Class.forName("org.jtorch.nn." + family + "." + name);
            } catch (ClassNotFoundException e) {
                continue; // the next family has it
            }
        }
        throw new AssertionError("no layer is called " + name);
    }

    private static Optional<Module<?, ?>> tryWith(Constructor<?> constructor, Map<String, @Nullable Object> arguments)
            throws Exception {
        Map<String, @Nullable Object> left = new LinkedHashMap<>(arguments);
        Parameter[] parameters = constructor.getParameters();
        @Nullable Object[] values = new @Nullable Object[parameters.length];
        for (int i = 0; i < parameters.length; i++) {
            Class<?> type = parameters[i].getType();
            if (type == Consumer.class) {
                ParameterizedType consumer = (ParameterizedType) parameters[i].getParameterizedType();
                values[i] =
                        setter((Class<?>) consumer.getActualTypeArguments()[0], Map.copyOf(withoutAbsent(left)), left);
                left = Map.of();
            } else if (constructor.isVarArgs() && type == Object[].class) {
                values[i] = new Object[0];
            } else {
                String name = parameters[i].getName();
                Optional<Object> value = left.containsKey(name) ? convert(left.remove(name), type) : Optional.empty();
                if (value.isEmpty()) {
                    return Optional.empty();
                }
                values[i] = value.get();
            }
        }
        if (!left.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of((Module<?, ?>) constructor.newInstance(values));
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static Map<String, Object> withoutAbsent(Map<String, @Nullable Object> arguments) {
        Map<String, Object> present = new LinkedHashMap<>();
        arguments.forEach((key, value) -> {
            if (value != null) {
                present.put(key, value);
            }
        });
        return present;
    }

    /** Sets each argument by the option of its name; an absent one only where the option may be absent. */
    private static Consumer<Object> setter(
            Class<?> options, Map<String, Object> present, Map<String, @Nullable Object> arguments) {
        Set<String> names = arguments.keySet();
        return o -> names.forEach(name -> {
            Object value = present.get(name);
            boolean set = false;
            for (Method method : options.getMethods()) {
                if (!set && method.getName().equals(name) && method.getParameterCount() == 1 && !method.isBridge()) {
                    set = trySet(o, method, value);
                }
            }
            if (!set && value != null) {
                throw new AssertionError(options.getName() + " has no option " + name + " for " + value);
            }
        });
    }

    private static boolean trySet(Object options, Method method, @Nullable Object value) {
        Class<?> type = method.getParameterTypes()[0];
        try {
            if (value == null) {
                if (type.isPrimitive() || type.isArray()) {
                    return false;
                }
                method.invoke(options, (Object) null);
                return true;
            }
            Optional<Object> converted = convert(value, type);
            if (converted.isPresent()) {
                method.invoke(options, converted.get());
            }
            return converted.isPresent();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("option " + method, e);
        }
    }

    /** A recorded value as a Java parameter wants it; empty where it is of another kind. */
    private static Optional<Object> convert(@Nullable Object value, Class<?> type) {
        if (value == null) {
            return Optional.empty();
        }
        if (type == long.class || type == Long.class) {
            return value instanceof Long ? Optional.of(value) : Optional.empty();
        }
        if (type == double.class || type == Double.class) {
            return value instanceof Number number ? Optional.of(number.doubleValue()) : Optional.empty();
        }
        if (type == boolean.class) {
            return value instanceof Boolean ? Optional.of(value) : Optional.empty();
        }
        if (type == long[].class) {
            return longs(value);
        }
        if (type.isEnum() && value instanceof String name) {
            return Arrays.stream(type.getEnumConstants())
                    .map(constant -> (Object) constant)
                    .filter(constant -> constant.toString().equals(name))
                    .findFirst();
        }
        return type.isInstance(value) ? Optional.of(value) : Optional.empty();
    }

    private static Optional<Object> longs(Object value) {
        if (value instanceof Long single) {
            return Optional.of(new long[] {single});
        }
        if (value instanceof List<?> list && list.stream().allMatch(Long.class::isInstance)) {
            return Optional.of(list.stream().mapToLong(x -> (Long) x).toArray());
        }
        return Optional.empty();
    }

    static String camelCase(String name) {
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
