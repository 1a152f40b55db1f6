package org.jtorch.nn.internal;

import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.ClosedPackages;

/** Reads and creates records by reflection. */
public final class Records {

    private Records() {}

    /** Returns the components of a class of records, in order. The array must not be changed. */
    public static RecordComponent[] components(Class<?> type) {
        return Components.OF.get(type);
    }

    /** The components of each class, since the JVM creates them again at every call. */
    private static final class Components extends ClassValue<RecordComponent[]> {
        static final Components OF = new Components();

        @Override
        protected RecordComponent[] computeValue(Class<?> type) {
            return type.getRecordComponents();
        }
    }

    /**
     * Returns the values of the components of a record, in order.
     *
     * @throws IllegalStateException if the record's package is closed to reflection
     */
    public static @Nullable Object[] values(Record node) {
        RecordComponent[] components = components(node.getClass());
        @Nullable Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = read(node, components[i]);
        }
        return values;
    }

    /**
     * Returns a new record.
     *
     * @param type the class of the record
     * @param values a value for each component
     * @throws IllegalStateException if the record's package is closed to reflection
     * @throws IllegalArgumentException if a value does not have the type of its component, or the constructor throws
     */
    public static Object make(Class<?> type, @Nullable Object[] values) {
        RecordComponent[] components = components(type);
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = components[i].getType();
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InaccessibleObjectException e) {
            throw ClosedPackages.refused("the constructor", type, Records.class, e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(
                    "a " + type.getName() + " cannot be made with other tensors: "
                            + (e.getCause() == null ? e : e.getCause()),
                    e);
        }
    }

    private static @Nullable Object read(Record node, RecordComponent component) {
        Method accessor = component.getAccessor();
        try {
            accessor.setAccessible(true);
            return accessor.invoke(node);
        } catch (InaccessibleObjectException e) {
            throw ClosedPackages.refused("record component " + component.getName(), node.getClass(), Records.class, e);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("component " + component + " cannot be read", e);
        }
    }
}
