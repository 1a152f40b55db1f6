package org.jtorch.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.nn.internal.Records;

/**
 * Walks over the tensors inside records, lists, maps, arrays and optionals. A value that can hold no tensor, such as a number,
 * a string, an enum, a date or a module, is ignored. Any other object is rejected with the name of its class, since its tensors
 * would be missed.
 */
public final class TensorTree {

    private TensorTree() {}

    /**
     * Calls {@code visitor} for each tensor of {@code tree}, in order: the components of a record, the elements of a
     * collection, the values of a map.
     *
     * @throws TorchException if an object in the tree may hold tensors that this walk cannot find
     */
    public static void forEach(@Nullable Object tree, Consumer<? super Tensor> visitor) {
        walk(tree, visitor, true);
    }

    /** Does the same as {@link #forEach}, but ignores objects that it cannot look into. */
    static void forEachVisible(@Nullable Object tree, Consumer<? super Tensor> visitor) {
        walk(tree, visitor, false);
    }

    private static void walk(@Nullable Object tree, Consumer<? super Tensor> visitor, boolean strict) {
        if (tree == null) {
            return;
        }
        if (tree instanceof Tensor tensor) {
            visitor.accept(tensor);
        } else if (tree instanceof Record node) {
            for (Object value : Records.values(node)) {
                walk(value, visitor, strict);
            }
        } else if (isLeaf(tree)) {
            return; // This check comes first, because the lists and maps among the modules are leaves.
        } else if (tree instanceof Collection<?> elements) {
            for (Object element : elements) {
                walk(element, visitor, strict);
            }
        } else if (tree instanceof Map<?, ?> map) {
            map.values().forEach(value -> walk(value, visitor, strict));
        } else if (tree instanceof Object[] array) {
            for (Object element : array) {
                walk(element, visitor, strict);
            }
        } else if (tree instanceof Optional<?> optional) {
            optional.ifPresent(value -> walk(value, visitor, strict));
        } else if (strict) {
            checkOpaque(tree);
        }
    }

    /** Returns whether the value is a leaf. A module is one: its tensors are its own, and not part of its input or output. */
    private static boolean isLeaf(Object value) {
        return value instanceof Module;
    }

    private static void checkOpaque(Object value) {
        if (!PlainTypes.isPlain(value.getClass())) {
            throw new TorchException(
                    "a " + value.getClass().getName() + " may hold tensors that cannot be found: make it a"
                            + " record, or use a list, a map, an array or an Optional");
        }
    }

    /**
     * Returns a tree like {@code tree} with each tensor replaced, in the order of {@link #forEach}. Parts without tensors, and
     * parts in which nothing changes, are not copied.
     *
     * @param replacement returns the new tensor; called once for each tensor
     * @throws IllegalArgumentException if a part that changes cannot be created again: a record whose constructor throws, or a
     *     collection that is neither a list nor a set
     * @throws TorchException if an object in the tree may hold tensors that this walk cannot find
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // A part is replaced by one of the same kind, and null by null.
    public static <T extends @Nullable Object> T map(T tree, UnaryOperator<Tensor> replacement) {
        return (T) mapped(tree, replacement);
    }

    private static @Nullable Object mapped(@Nullable Object tree, UnaryOperator<Tensor> replacement) {
        if (tree instanceof Tensor tensor) {
            return replacement.apply(tensor);
        }
        if (tree instanceof Record node) {
            Object[] before = Records.values(node);
            Object[] after = mapAll(before, replacement);
            return after == before ? node : Records.make(node.getClass(), after);
        }
        if (tree == null || isLeaf(tree)) {
            return tree;
        }
        if (tree instanceof Collection<?> elements) {
            Object[] before = elements.toArray();
            Object[] after = mapAll(before, replacement);
            if (after == before) {
                return elements;
            }
            if (elements instanceof List<?>) {
                return new ArrayList<>(Arrays.asList(after));
            }
            if (elements instanceof Set<?>) {
                return new LinkedHashSet<>(Arrays.asList(after));
            }
            throw new IllegalArgumentException("a " + elements.getClass().getName()
                    + " of tensors cannot be created again: use a record, a list or a map");
        }
        if (tree instanceof Map<?, ?> map) {
            Object[] before = map.values().toArray();
            Object[] after = mapAll(before, replacement);
            if (after == before) {
                return map;
            }
            Map<Object, @Nullable Object> result = new LinkedHashMap<>();
            int next = 0;
            for (Object key : map.keySet()) {
                result.put(key, after[next++]);
            }
            return result;
        }
        if (tree instanceof Object[] array) {
            Object[] after = mapAll(array, replacement);
            return after == array ? array : Arrays.copyOf(after, after.length, array.getClass());
        }
        if (tree instanceof Optional<?> optional) {
            if (optional.isEmpty()) {
                return optional;
            }
            Object before = optional.get();
            Object after = mapped(before, replacement);
            return after == before ? optional : Optional.ofNullable(after);
        }
        checkOpaque(tree);
        return tree;
    }

    /** Returns the same array if nothing changes. */
    private static Object[] mapAll(Object[] parts, UnaryOperator<Tensor> replacement) {
        Object[] result = parts;
        for (int i = 0; i < parts.length; i++) {
            Object mapped = mapped(parts[i], replacement);
            if (mapped != parts[i]) {
                if (result == parts) {
                    result = Arrays.copyOf(parts, parts.length, Object[].class);
                }
                result[i] = mapped;
            }
        }
        return result;
    }
}
