package org.jtorch.nn;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.Path;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAmount;
import java.util.HashSet;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jtorch.Generator;
import org.jtorch.TensorOptions;

/**
 * Determines which classes have only instances that hold no tensor: value classes of the JDK, and classes all of whose fields
 * are of such types. A field of a type that can be extended could hold anything, so a class with such a field does not count.
 */
final class PlainTypes {

    /** The extensible classes whose instances hold no tensor, whatever their fields are. */
    private static final Set<Class<?>> VALUES = Set.of(
            CharSequence.class,
            Number.class,
            Path.class,
            Temporal.class,
            TemporalAmount.class,
            URI.class,
            UUID.class,
            Locale.class,
            Class.class,
            OptionalInt.class,
            OptionalLong.class,
            OptionalDouble.class,
            Generator.class,
            TensorOptions.class);

    private static final ClassValue<Boolean> PLAIN = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return hasPlainFields(type, new HashSet<>());
        }
    };

    private PlainTypes() {}

    /** Returns whether no object of exactly this class can hold a tensor. */
    static boolean isPlain(Class<?> type) {
        return PLAIN.get(type);
    }

    private static boolean hasPlainFields(Class<?> type, Set<Class<?>> seen) {
        if (isValue(type) || !seen.add(type)) {
            return true;
        }
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            for (Field field : c.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !canHoldOnlyPlain(field.getType(), seen)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Returns whether a field of that type holds only plain values: its class is known and is plain. */
    private static boolean canHoldOnlyPlain(Class<?> declared, Set<Class<?>> seen) {
        if (declared.isArray()) {
            return canHoldOnlyPlain(declared.getComponentType(), seen);
        }
        return isValue(declared) || (Modifier.isFinal(declared.getModifiers()) && hasPlainFields(declared, seen));
    }

    private static boolean isValue(Class<?> type) {
        if (type.isArray()) {
            return isValue(type.getComponentType());
        }
        return type.isPrimitive()
                || type == Boolean.class
                || type == Character.class
                || Enum.class.isAssignableFrom(type)
                || VALUES.stream().anyMatch(value -> value.isAssignableFrom(type));
    }
}
