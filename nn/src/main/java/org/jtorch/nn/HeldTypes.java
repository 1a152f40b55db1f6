package org.jtorch.nn;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jtorch.Tensor;

/** Tells by a field's declared type whether its value can be or hold a tensor, so that a vocabulary is never looked through. */
final class HeldTypes {

    private HeldTypes() {}

    /** Whether a value of {@code type} may be, or hold where {@link TensorTree} looks, a tensor that is no parameter or buffer. */
    static boolean mayHoldTensor(Type type) {
        return mayHold(type, new HashSet<>());
    }

    private static boolean mayHold(Type type, Set<Type> asked) {
        if (!asked.add(type)) {
            return false; // a record of itself, or a variable bounded by itself: the other parts decide
        }
        if (type instanceof Class<?> c) {
            return mayHold(c, asked);
        }
        if (type instanceof ParameterizedType parameterized) {
            Class<?> raw = (Class<?>) parameterized.getRawType();
            Type[] arguments = parameterized.getActualTypeArguments();
            if (Map.class.isAssignableFrom(raw) && arguments.length == 2) {
                return mayHold(arguments[1], asked);
            }
            if ((Collection.class.isAssignableFrom(raw) || raw == Iterable.class || raw == Optional.class)
                    && arguments.length == 1) {
                return mayHold(arguments[0], asked);
            }
            return mayHold(raw, asked);
        }
        if (type instanceof GenericArrayType array) {
            return mayHold(array.getGenericComponentType(), asked);
        }
        if (type instanceof WildcardType wildcard) {
            return mayHold(wildcard.getUpperBounds()[0], asked);
        }
        return !(type instanceof TypeVariable<?> variable) || mayHold(variable.getBounds()[0], asked);
    }

    private static boolean mayHold(Class<?> c, Set<Type> asked) {
        if (Module.class.isAssignableFrom(c)) {
            return false; // it is looked into as a module
        }
        if (Tensor.class.isAssignableFrom(c)) {
            return !Parameter.class.isAssignableFrom(c) && !Buffer.class.isAssignableFrom(c);
        }
        if (c.isArray()) {
            return mayHold(c.getComponentType(), asked);
        }
        if (c.isRecord()) {
            for (RecordComponent component : c.getRecordComponents()) {
                if (mayHold(component.getGenericType(), asked)) {
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

    /** An interface that a record may implement; those of the JDK are not meant so, nor are functions. */
    private static boolean isOpenInterface(Class<?> c) {
        return c.isInterface() && !c.getName().startsWith("java.") && !c.isAnnotationPresent(FunctionalInterface.class);
    }
}
