package org.jtorch.nn;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.TorchException;
import org.jtorch.UntypedStorage;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.internal.ClosedPackages;
import org.jtorch.nn.internal.Duplicable;
import org.jtorch.nn.internal.Records;

/**
 * One deep copy. An object that is met again is replaced by the copy made the first time, so shared objects stay shared.
 *
 * <p>A module is cloned, which needs no constructor and includes final fields. The fields that are not final then receive
 * copies of what they hold.
 */
final class DeepCopier {

    private static final ClassValue<Field[]> FIELDS = new ClassValue<>() {
        @Override
        protected Field[] computeValue(Class<?> type) {
            List<Field> fields = new ArrayList<>();
            for (Class<?> c = type; c != null && c != Module.class; c = c.getSuperclass()) {
                for (Field field : c.getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers())
                            && !field.getType().isPrimitive()) {
                        fields.add(opened(field));
                    }
                }
            }
            return fields.toArray(Field[]::new);
        }
    };

    private final Map<Object, Object> copies = new IdentityHashMap<>();
    private final Map<Long, UntypedStorage> storages = new LinkedHashMap<>();

    private static Field opened(Field field) {
        try {
            field.setAccessible(true);
            return field;
        } catch (InaccessibleObjectException e) {
            throw ClosedPackages.refused("field " + field.getName(), field.getDeclaringClass(), DeepCopier.class, e);
        }
    }

    /** Returns a copy of {@code root} and of everything it holds. */
    static <M extends Module<?, ?>> M deepCopy(M root) {
        DeepCopier copier = new DeepCopier();
        // What is created here stays, and must be usable in training even if this call is made in inference mode.
        try (TensorScope scope = new TensorScope();
                GradMode normal = Autograd.inferenceMode(false);
                GradMode mode = Autograd.noGrad()) {
            return copier.copy(root);
        } finally {
            copier.storages.values().forEach(UntypedStorage::close);
        }
    }

    /** Returns a copy of {@code value}, or {@code value} itself if it is of a type that is not copied. */
    @SuppressWarnings("unchecked") // A copy is of the same class as the original, or implements the same interface.
    <T extends @Nullable Object> T copy(T value) {
        if (value == null) {
            return value;
        }
        Object known = copies.get(value);
        return (T) (known == null ? copyNew(value) : known);
    }

    private Object copyNew(Object value) {
        if (value instanceof Module<?, ?> module) {
            return copyModule(module);
        }
        Object copy;
        if (value instanceof Tensor tensor) {
            copy = copyTensor(tensor);
        } else if (value instanceof DeepCopyable copyable) {
            copy = copyable.deepCopy(this);
        } else if (value instanceof Duplicable duplicable) {
            copy = duplicable.duplicate();
        } else if (value.getClass().isArray()) {
            return copyArray(value);
        } else if (value instanceof Collection<?> || value instanceof Map<?, ?>) {
            return copyCollection(value);
        } else if (value instanceof Record node) {
            copy = copyRecord(node);
        } else if (value instanceof Optional<?> optional) {
            copy = optional.map(this::copy);
        } else {
            copy = value;
        }
        copies.put(value, copy);
        return copy;
    }

    // --- modules -----------------------------------------------------------------------------------------------

    private Module<?, ?> copyModule(Module<?, ?> original) {
        Module<?, ?> copy = original.shallowCopy();
        copies.put(original, copy);
        copy.copyOwnState(this);
        try {
            for (Field field : FIELDS.get(original.getClass())) {
                Object value = field.get(original);
                if (value == null) {
                    continue;
                }
                if (Modifier.isFinal(field.getModifiers())) {
                    checkFinal(field, value);
                    continue;
                }
                Object copied = copy(value);
                if (copied != value) {
                    field.set(copy, copied);
                }
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("a field of " + original.getClass() + " cannot be copied", e);
        }
        return copy;
    }

    /**
     * Checks a final field. It keeps in the copy what it held in the original, so that must not be something that the copy
     * should own.
     */
    private void checkFinal(Field field, Object value) {
        String owner = field.getDeclaringClass().getName();
        if (field.isSynthetic()) {
            if (copies.containsKey(value)) {
                throw new IllegalStateException(owner + " is an inner class, whose copy would belong to the "
                        + value.getClass().getSimpleName() + " that is copied and not to its copy: make it static");
            }
            return;
        }
        Object owned = Registry.firstHeld(value);
        if (owned != null) {
            throw new IllegalStateException("field '" + field.getName() + "' of " + owner + " is final and holds a "
                    + owned.getClass().getSimpleName()
                    + ": a copy cannot be given one of its own, since reflection does not write final fields; make it"
                    + " non-final");
        }
    }

    // --- tensors -----------------------------------------------------------------------------------------------

    private Tensor copyTensor(Tensor tensor) {
        if (tensor instanceof DerivedParameter derived) {
            return new DerivedParameter(copy(derived.module()), derived.derivation());
        }
        if (tensor instanceof DerivedBuffer derived) {
            return new DerivedBuffer(copy(derived.module()), derived.derivation(), derived.isPersistent());
        }
        if (tensor.isClosed()) {
            return tensor; // A tensor freed by its scope is freed in the copy too.
        }
        if (tensor instanceof UninitializedParameter || tensor instanceof UninitializedBuffer) {
            return copyLazy(tensor);
        }
        if (tensor instanceof Parameter parameter) {
            return copyParameter(parameter);
        }
        if (!tensor.isLeaf()) {
            throw new TorchException("Only Tensors created explicitly by the user (graph leaves) support the deepcopy "
                    + "protocol at the moment.  If you were attempting to deepcopy a module, this may be because of a "
                    + "torch.nn.utils.weight_norm usage, see https://github.com/pytorch/pytorch/pull/103001");
        }
        Tensor values = copyValues(tensor);
        Tensor copy =
                tensor instanceof Buffer buffer ? new Buffer(values, false, buffer.isPersistent()) : values.unscoped();
        copies.put(tensor, copy);
        copy.requiresGrad_(tensor.requiresGrad());
        Tensor grad = tensor.grad();
        if (grad != null) {
            copy.setGrad(copyValues(grad));
        }
        return copy;
    }

    /** Copies the values of a tensor. Tensors that share a storage share one in the copy too. */
    private Tensor copyValues(Tensor tensor) {
        Tensor data = tensor.detach();
        if (!data.isCpu() || data.layout() != Layout.STRIDED || data.isConj() || data.isNeg()) {
            return data.clone();
        }
        try (UntypedStorage storage = UntypedStorage.of(data)) {
            UntypedStorage copied = storages.computeIfAbsent(storage.id(), id -> {
                long elements = storage.nbytes() / Math.max(data.dtype().itemSize(), 1);
                return UntypedStorage.of(data.asStrided(new long[] {elements}, new long[] {1}, 0L)
                        .clone());
            });
            return copied.tensor(data.dtype(), data.storageOffset(), data.shape(), data.strides());
        }
    }

    private static Parameter copyParameter(Parameter parameter) {
        Tensor values = parameter.detach().clone();
        if (parameter.getClass() == Parameter.class) {
            return new Parameter(values, parameter.requiresGrad());
        }
        try {
            Constructor<? extends Parameter> constructor =
                    parameter.getClass().getDeclaredConstructor(Tensor.class, boolean.class);
            constructor.setAccessible(true);
            return constructor.newInstance(values, parameter.requiresGrad());
        } catch (ReflectiveOperationException | InaccessibleObjectException e) {
            throw new IllegalStateException(
                    parameter.getClass().getName()
                            + " cannot be copied: a subclass of Parameter needs a constructor (Tensor, boolean)",
                    e);
        }
    }

    private static Tensor copyLazy(Tensor tensor) {
        TensorOptions options = TensorOptions.like(tensor).requiresGrad(tensor.requiresGrad());
        Tensor copy = tensor instanceof Buffer buffer
                ? new UninitializedBuffer(options, o -> o.persistent(buffer.isPersistent()))
                : new UninitializedParameter(options);
        if (!tensor.isUninitialized()) {
            ((UninitializedTensor) copy).materialize(tensor.shape());
            copy.setData(tensor.detach().clone());
        }
        return copy;
    }

    // --- other values ------------------------------------------------------------------------------------------

    private Object copyArray(Object array) {
        int length = Array.getLength(array);
        Object copy = Array.newInstance(array.getClass().getComponentType(), length);
        copies.put(array, copy);
        if (array instanceof Object[] elements) {
            for (int i = 0; i < length; i++) {
                ((Object[]) copy)[i] = copy(elements[i]);
            }
        } else {
            System.arraycopy(array, 0, copy, 0, length);
        }
        return copy;
    }

    /**
     * Returns a copy of a collection or map of the JDK: one of the same class if it can be filled, otherwise an unmodifiable
     * one.
     */
    private Object copyCollection(Object original) {
        if (!original.getClass().getName().startsWith("java.util.")) {
            if (Registry.firstHeld(original) != null) {
                throw new IllegalStateException("a " + original.getClass().getName()
                        + " that holds modules or tensors cannot be copied: use a collection of the JDK");
            }
            copies.put(original, original);
            return original;
        }
        Object filled = emptyLike(original);
        if (filled != null) {
            copies.put(original, filled); // The collection may hold itself.
            fill(filled, original);
            return filled;
        }
        Object plain = original instanceof Map<?, ?>
                ? new LinkedHashMap<>()
                : original instanceof Set<?> ? new LinkedHashSet<>() : new ArrayList<>();
        fill(plain, original);
        Object copy;
        if (original.getClass() == Arrays.asList().getClass()) {
            copy = Arrays.asList(((List<?>) plain).toArray());
        } else if (plain instanceof Map<?, ?> map) {
            copy = Collections.unmodifiableMap(map);
        } else if (plain instanceof Set<?> set) {
            copy = Collections.unmodifiableSet(set);
        } else {
            copy = Collections.unmodifiableList((List<?>) plain);
        }
        copies.put(original, copy);
        return copy;
    }

    @SuppressWarnings("unchecked") // Both are of the same kind.
    private void fill(Object empty, Object original) {
        if (original instanceof Map<?, ?> map) {
            map.forEach((key, value) -> ((Map<Object, Object>) empty).put(copy(key), copy(value)));
        } else {
            ((Collection<?>) original).forEach(element -> ((Collection<Object>) empty).add(copy(element)));
        }
    }

    /** Returns an empty collection of the same class with the same comparator, or null if there is none that can be filled. */
    private static @Nullable Object emptyLike(Object original) {
        if (original instanceof TreeMap<?, ?> map) {
            return new TreeMap<>(((SortedMap<?, ?>) map).comparator());
        }
        if (original instanceof TreeSet<?> set) {
            return new TreeSet<>(((SortedSet<?>) set).comparator());
        }
        try {
            return original.getClass().getConstructor().newInstance();
        } catch (NoSuchMethodException | IllegalAccessException e) {
            return null; // For example List.of, Collections.unmodifiableList and Arrays.asList.
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(original.getClass().getName() + " cannot be copied", e);
        }
    }

    private Object copyRecord(Record node) {
        List<@Nullable Object> values = Arrays.asList(Records.values(node));
        Object[] copied = values.stream().map(this::copy).toArray();
        boolean same = true;
        for (int i = 0; i < copied.length; i++) {
            same &= copied[i] == values.get(i);
        }
        if (same) {
            return node;
        }
        Class<?>[] types = Arrays.stream(node.getClass().getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class[]::new);
        try {
            Constructor<?> constructor = node.getClass().getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(copied);
        } catch (ReflectiveOperationException | InaccessibleObjectException e) {
            throw new IllegalStateException("the record " + node.getClass().getName() + " cannot be copied", e);
        }
    }
}
