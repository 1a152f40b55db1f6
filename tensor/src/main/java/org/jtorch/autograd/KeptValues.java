package org.jtorch.autograd;

import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.ClosedPackages;

/** The values other than tensors that a {@link Context} keeps. They must not contain tensors. */
final class KeptValues {

    private KeptValues() {}

    /** Returns whether a value is a tensor, or a collection, map, array, record or Optional that contains one. */
    static boolean holdsTensor(@Nullable Object value) {
        if (value instanceof Tensor) {
            return true;
        } else if (value instanceof Collection<?> elements) {
            return elements.stream().anyMatch(KeptValues::holdsTensor);
        } else if (value instanceof Map<?, ?> map) {
            return map.values().stream().anyMatch(KeptValues::holdsTensor);
        } else if (value instanceof Object[] array) {
            return Arrays.stream(array).anyMatch(KeptValues::holdsTensor);
        } else if (value instanceof Optional<?> optional) {
            return optional.isPresent() && holdsTensor(optional.get());
        } else if (value instanceof Record node) {
            return Arrays.stream(node.getClass().getRecordComponents())
                    .anyMatch(component -> holdsTensor(read(node, component)));
        }
        return false;
    }

    private static @Nullable Object read(Record node, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(node);
        } catch (InaccessibleObjectException e) {
            throw ClosedPackages.refused(
                    "record component " + component.getName(), node.getClass(), KeptValues.class, e);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "component " + component + " cannot be read: keep its values one by one", e);
        }
    }
}
