package org.jtorch.nn;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/** The one walk over tensors inside records, lists, maps, arrays and optionals. */
public final class TensorTree {

    private TensorTree() {}

    /**
     * Calls {@code visitor} for each tensor of {@code tree}, in order: a record's components, a collection's elements, a
     * map's values. Other values are passed over.
     */
    public static void forEach(@Nullable Object tree, Consumer<? super Tensor> visitor) {
        if (tree == null) {
            return;
        }
        if (tree instanceof Tensor tensor) {
            visitor.accept(tensor);
        } else if (tree instanceof Record node) {
            components(node).forEach(component -> forEach(component, visitor));
        } else if (tree instanceof Iterable<?> elements) {
            for (Object element : elements) {
                forEach(element, visitor);
            }
        } else if (tree instanceof Map<?, ?> map) {
            map.values().forEach(value -> forEach(value, visitor));
        } else if (tree instanceof Object[] array) {
            for (Object element : array) {
                forEach(element, visitor);
            }
        } else if (tree instanceof Optional<?> optional) {
            optional.ifPresent(value -> forEach(value, visitor));
        }
    }

    /** The values of a record's components, in order. */
    static List<@Nullable Object> components(Record node) {
        List<@Nullable Object> values = new ArrayList<>();
        for (RecordComponent component : node.getClass().getRecordComponents()) {
            values.add(read(node, component));
        }
        return values;
    }

    private static @Nullable Object read(Record node, RecordComponent component) {
        Method accessor = component.getAccessor();
        try {
            accessor.setAccessible(true);
            return accessor.invoke(node);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("component " + component + " cannot be read", e);
        }
    }
}
