package org.jtorch.nn;

import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.ClosedPackages;

/**
 * The fields of a module class that may hold state: those of the superclass first, in the order of declaration. They are
 * determined once for each class.
 */
final class FieldTable {

    private static final ClassValue<FieldTable> TABLES = new ClassValue<>() {
        @Override
        protected FieldTable computeValue(Class<?> type) {
            return new FieldTable(type);
        }
    };

    /** A field and its key in the state dict. */
    record Slot(Field field, String key) {

        @Nullable
        Object read(Module<?, ?> module) {
            try {
                return field.get(module);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException("field " + field + " cannot be read", e);
            }
        }

        void write(Module<?, ?> module, @Nullable Object value) {
            String name = "field '" + field.getName() + "' of "
                    + field.getDeclaringClass().getName();
            if (value != null && !field.getType().isInstance(value)) {
                throw new IllegalArgumentException(name + " takes a "
                        + field.getType().getSimpleName() + ", not a "
                        + value.getClass().getSimpleName() + ": give it a wider type, such as Module<?, ?>");
            }
            if (Modifier.isFinal(field.getModifiers())) {
                throw new IllegalStateException(
                        name + " is final, and reflection does not write final fields: make it non-final");
            }
            try {
                field.set(module, value);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException("field " + field + " cannot be written", e);
            }
        }
    }

    /** Fields that may hold a parameter. */
    final Slot[] parameters;
    /** Fields that may hold a buffer. */
    final Slot[] buffers;
    /** Fields that may hold a module. */
    final Slot[] modules;
    /** Fields whose value may be a collection or a record that hides modules or parameters. */
    final Slot[] collections;
    /** Modules, parameters and buffers that a local or anonymous class captures. */
    final Slot[] captured;
    /** Fields whose value may be or hold a tensor that is neither a parameter nor a buffer, or an unregistered module. */
    final Slot[] holders;
    /** The keys of all fields, including those that hold no state. */
    private final Set<String> keys = new HashSet<>();

    /** The methods of the state dict that the class overrides. */
    final StateDictMethods stateDictMethods;

    private FieldTable(Class<?> type) {
        stateDictMethods = StateDictMethods.of(type);
        List<Slot> parameterSlots = new ArrayList<>();
        List<Slot> bufferSlots = new ArrayList<>();
        List<Slot> moduleSlots = new ArrayList<>();
        List<Slot> collectionSlots = new ArrayList<>();
        List<Slot> capturedSlots = new ArrayList<>();
        List<Slot> holderSlots = new ArrayList<>();
        Deque<Class<?>> chain = new ArrayDeque<>();
        for (Class<?> c = type; c != null && c != Module.class; c = c.getSuperclass()) {
            chain.push(c);
        }
        Map<TypeVariable<?>, Type> arguments = HeldTypes.arguments(type);
        for (Class<?> c : chain) {
            for (Field field : c.getDeclaredFields()) {
                Class<?> declared = field.getType();
                if (Modifier.isStatic(field.getModifiers())) {
                    continue;
                }
                boolean captured = field.isSynthetic() && field.getName().startsWith("val$");
                if (captured
                        && (Module.class.isAssignableFrom(declared)
                                || Parameter.class.isAssignableFrom(declared)
                                || Buffer.class.isAssignableFrom(declared))) {
                    capturedSlots.add(slot(field));
                }
                boolean unregistered = field.isAnnotationPresent(Unregistered.class);
                if ((captured || !field.isSynthetic())
                        && (HeldTypes.mayHoldTensor(field.getGenericType(), arguments)
                                || (unregistered && mayHold(declared, Module.class)))) {
                    holderSlots.add(slot(field));
                }
                if (field.isSynthetic()) {
                    continue;
                }
                Name name = field.getAnnotation(Name.class);
                keys.add(name == null ? key(field.getName()) : name.value());
                if (declared.isPrimitive() || unregistered) {
                    continue;
                }
                // A field of a wider type (Tensor, Object, an interface, a type variable) may hold either; its value
                // decides.
                if (mayHold(declared, Parameter.class)) {
                    parameterSlots.add(slot(field));
                }
                if (mayHold(declared, Buffer.class)) {
                    bufferSlots.add(slot(field));
                }
                // The containers are modules that implement List and Map.
                if (mayHold(declared, Module.class) || isContainerInterface(declared)) {
                    moduleSlots.add(slot(field));
                }
                if (mayBeCollection(declared)) {
                    collectionSlots.add(slot(field));
                }
            }
        }
        checkKeys(type, parameterSlots, bufferSlots, moduleSlots);
        parameters = parameterSlots.toArray(Slot[]::new);
        buffers = bufferSlots.toArray(Slot[]::new);
        modules = moduleSlots.toArray(Slot[]::new);
        collections = collectionSlots.toArray(Slot[]::new);
        captured = capturedSlots.toArray(Slot[]::new);
        holders = holderSlots.toArray(Slot[]::new);
    }

    /** Rejects two fields with the same key: a state dict could hold only one, and the loss of the other would go unnoticed. */
    private static void checkKeys(Class<?> type, List<Slot> parameters, List<Slot> buffers, List<Slot> modules) {
        Map<String, Field> taken = new HashMap<>();
        for (List<Slot> slots : List.of(parameters, buffers, modules)) {
            for (Slot slot : slots) {
                Field other = taken.putIfAbsent(slot.key(), slot.field());
                if (other != null && !other.equals(slot.field())) {
                    throw new IllegalStateException(
                            "the fields " + named(other) + " and " + named(slot.field()) + " of "
                                    + type.getName() + " have the same key \"" + slot.key()
                                    + "\" in the state dict, which would keep only one of them: rename one, or give it another key"
                                    + " by @Name");
                }
            }
        }
    }

    private static String named(Field field) {
        return "'" + field.getName() + "' (declared in "
                + field.getDeclaringClass().getName() + ")";
    }

    static FieldTable of(Class<?> type) {
        return TABLES.get(type);
    }

    /** Returns whether there is a field with that key, whatever it holds. */
    boolean hasKey(String key) {
        return keys.contains(key)
                || find(parameters, key) != null
                || find(buffers, key) != null
                || find(modules, key) != null;
    }

    static @Nullable Slot find(Slot[] slots, String key) {
        for (Slot slot : slots) {
            if (slot.key().equals(key)) {
                return slot;
            }
        }
        return null;
    }

    private static boolean isContainerInterface(Class<?> declared) {
        return declared.isAssignableFrom(ModuleList.class)
                || declared.isAssignableFrom(ModuleDict.class)
                || declared.isAssignableFrom(Sequential.class);
    }

    private static boolean mayHold(Class<?> declared, Class<?> wanted) {
        return wanted.isAssignableFrom(declared) || declared.isAssignableFrom(wanted) || isOpenInterface(declared);
    }

    /**
     * Returns whether the type is an interface that a subclass of a module or parameter could implement. The JDK's collections
     * do not count.
     */
    private static boolean isOpenInterface(Class<?> declared) {
        return declared.isInterface() && !declared.getName().startsWith("java.");
    }

    private static boolean mayBeCollection(Class<?> declared) {
        return Collection.class.isAssignableFrom(declared)
                || Map.class.isAssignableFrom(declared)
                || (declared.isArray() && !declared.getComponentType().isPrimitive())
                || Record.class.isAssignableFrom(declared)
                || declared == Optional.class
                || declared == Object.class
                || declared == Iterable.class;
    }

    private static Slot slot(Field field) {
        try {
            field.setAccessible(true);
        } catch (InaccessibleObjectException e) {
            throw ClosedPackages.refused("field " + field.getName(), field.getDeclaringClass(), FieldTable.class, e);
        }
        Name name = field.getAnnotation(Name.class);
        if (name == null) {
            return new Slot(field, key(field.getName()));
        }
        if (name.value().isEmpty() || name.value().contains(".")) {
            throw new IllegalStateException(
                    "@Name(\"" + name.value() + "\") on " + field + ": a key must not be empty or contain a dot");
        }
        return new Slot(field, name.value());
    }

    /** Returns the key of a field name: {@code inProjWeight} becomes {@code in_proj_weight}. */
    static String key(String fieldName) {
        StringBuilder key = new StringBuilder(fieldName.length() + 4);
        for (int i = 0; i < fieldName.length(); i++) {
            char c = fieldName.charAt(i);
            if (Character.isUpperCase(c)) {
                key.append('_').append(String.valueOf(c).toLowerCase(Locale.ROOT));
            } else {
                key.append(c);
            }
        }
        return key.toString();
    }
}
