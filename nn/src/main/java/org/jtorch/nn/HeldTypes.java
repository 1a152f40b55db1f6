package org.jtorch.nn;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jtorch.Tensor;

/**
 * Determines from the declared type of a field whether its value can be or hold a tensor. This avoids searching large values
 * such as a vocabulary.
 */
final class HeldTypes {

    private HeldTypes() {}

    /** How deep types are searched; a record may hold its own type. */
    private static final int MAX_DEPTH = 8;

    /**
     * Returns whether a value of {@code type} may be a tensor that is neither a parameter nor a buffer, or may hold one at a
     * place that {@link TensorTree} searches.
     */
    static boolean mayHoldTensor(Type type) {
        return mayHoldTensor(type, Map.of());
    }

    /**
     * Does the same as {@link #mayHoldTensor(Type)} with known type variables.
     *
     * @param arguments the types that type variables stand for, as far as they are known
     */
    static boolean mayHoldTensor(Type type, Map<TypeVariable<?>, Type> arguments) {
        return mayHold(type, arguments, MAX_DEPTH);
    }

    /** Returns the types that the type variables of the superclasses of {@code type} stand for. */
    static Map<TypeVariable<?>, Type> arguments(Class<?> type) {
        Map<TypeVariable<?>, Type> arguments = new HashMap<>();
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            if (c.getGenericSuperclass() instanceof ParameterizedType generic) {
                for (int i = 0; i < generic.getActualTypeArguments().length; i++) {
                    arguments.put(c.getSuperclass().getTypeParameters()[i], generic.getActualTypeArguments()[i]);
                }
            }
        }
        return arguments;
    }

    private static boolean mayHold(Type type, Map<TypeVariable<?>, Type> arguments, int depth) {
        if (depth == 0) {
            return true;
        }
        if (type instanceof Class<?> c) {
            return mayHold(c, arguments, depth);
        }
        if (type instanceof ParameterizedType parameterized) {
            return mayHold(parameterized, arguments, depth);
        }
        if (type instanceof GenericArrayType array) {
            return mayHold(array.getGenericComponentType(), arguments, depth - 1);
        }
        if (type instanceof WildcardType wildcard) {
            return mayHold(wildcard.getUpperBounds()[0], arguments, depth - 1);
        }
        if (type instanceof TypeVariable<?> variable) {
            Type argument = arguments.get(variable);
            return mayHold(
                    argument == null || argument == variable ? variable.getBounds()[0] : argument,
                    arguments,
                    depth - 1);
        }
        return true;
    }

    private static boolean mayHold(ParameterizedType type, Map<TypeVariable<?>, Type> arguments, int depth) {
        Class<?> raw = (Class<?>) type.getRawType();
        Type[] given = type.getActualTypeArguments();
        if (Map.class.isAssignableFrom(raw) && given.length == 2) {
            return mayHold(given[1], arguments, depth - 1);
        }
        if ((Collection.class.isAssignableFrom(raw) || raw == Iterable.class || raw == Optional.class)
                && given.length == 1) {
            return mayHold(given[0], arguments, depth - 1);
        }
        Map<TypeVariable<?>, Type> inner = new HashMap<>();
        for (int i = 0; i < given.length; i++) {
            Type argument = given[i] instanceof TypeVariable<?> variable
                    ? arguments.getOrDefault(variable, given[i])
                    : given[i];
            inner.put(raw.getTypeParameters()[i], argument);
        }
        return mayHold(raw, inner, depth);
    }

    private static boolean mayHold(Class<?> c, Map<TypeVariable<?>, Type> arguments, int depth) {
        if (Module.class.isAssignableFrom(c)) {
            return false; // It is searched as a module.
        }
        if (Tensor.class.isAssignableFrom(c)) {
            return !Parameter.class.isAssignableFrom(c) && !Buffer.class.isAssignableFrom(c);
        }
        if (c.isArray()) {
            return mayHold(c.getComponentType(), arguments, depth - 1);
        }
        if (c.isRecord()) {
            for (RecordComponent component : c.getRecordComponents()) {
                if (mayHold(component.getGenericType(), arguments, depth - 1)) {
                    return true;
                }
            }
            return false;
        }
        return c.isAssignableFrom(Tensor.class)
                || c == Record.class
                || Collection.class.isAssignableFrom(c)
                || Map.class.isAssignableFrom(c)
                || c == Iterable.class
                || c == Optional.class
                || isOpenInterface(c);
    }

    /**
     * Returns whether the type is an interface that a record may implement. Those of the JDK and functional interfaces do not
     * count.
     */
    private static boolean isOpenInterface(Class<?> c) {
        return c.isInterface() && !c.getName().startsWith("java.") && !c.isAnnotationPresent(FunctionalInterface.class);
    }
}
