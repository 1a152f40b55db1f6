package org.jtorch.parity.hostile;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.HashMap;
import java.util.Map;

/**
 * The types that a class's type parameters stand for in a subclass: the {@code I} of {@code Module} is a tensor for
 * {@code Linear}.
 */
final class Types {

    private Types() {}

    /** Returns the type variables that the superclasses and interfaces of {@code type} bind. */
    static Map<TypeVariable<?>, Type> bindings(Type type) {
        Map<TypeVariable<?>, Type> bindings = new HashMap<>();
        collect(type, bindings);
        return bindings;
    }

    private static void collect(Type type, Map<TypeVariable<?>, Type> bindings) {
        if (type instanceof ParameterizedType parameterized) {
            TypeVariable<?>[] variables = raw(type).getTypeParameters();
            for (int i = 0; i < variables.length; i++) {
                bindings.put(variables[i], parameterized.getActualTypeArguments()[i]);
            }
        }
        Class<?> raw = raw(type);
        if (raw.getGenericSuperclass() != null) {
            collect(raw.getGenericSuperclass(), bindings);
        }
        for (Type each : raw.getGenericInterfaces()) {
            collect(each, bindings);
        }
    }

    /** Returns {@code type} after resolving variables and wildcards; the type itself if it is neither. */
    static Type resolve(Type type, Map<TypeVariable<?>, Type> bindings) {
        Type current = type;
        for (int i = 0; i < 20; i++) {
            if (current instanceof TypeVariable<?> variable) {
                Type bound = bindings.get(variable);
                current = bound == null ? variable.getBounds()[0] : bound;
            } else if (current instanceof WildcardType wildcard) {
                current = wildcard.getLowerBounds().length > 0
                        ? wildcard.getLowerBounds()[0]
                        : wildcard.getUpperBounds()[0];
            } else {
                return current;
            }
        }
        return Object.class;
    }

    /** Returns the class of {@code type}. */
    static Class<?> raw(Type type) {
        if (type instanceof Class<?> plain) {
            return plain;
        }
        if (type instanceof ParameterizedType parameterized) {
            return raw(parameterized.getRawType());
        }
        if (type instanceof GenericArrayType array) {
            return raw(array.getGenericComponentType()).arrayType();
        }
        if (type instanceof TypeVariable<?> variable) {
            return raw(variable.getBounds()[0]);
        }
        if (type instanceof WildcardType wildcard) {
            return raw(wildcard.getUpperBounds()[0]);
        }
        return Object.class;
    }

    /** Returns the argument with the given index of a parameterized type; Object if it has none. */
    static Type argument(Type type, int index) {
        return type instanceof ParameterizedType parameterized
                ? parameterized.getActualTypeArguments()[index]
                : Object.class;
    }
}
