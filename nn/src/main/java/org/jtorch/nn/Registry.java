package org.jtorch.nn;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/**
 * What one module holds: its fields, read live, and behind them what was registered under a name at run time. Parameters,
 * buffers and children each keep their order.
 */
final class Registry {

    /** A buffer registered by name. */
    private record NamedBuffer(@Nullable Tensor tensor, boolean persistent) {}

    /** Is told of each buffer. */
    @FunctionalInterface
    interface BufferVisitor {
        void accept(String key, Tensor buffer, boolean persistent);
    }

    /** How deep collections are looked into; a list may hold itself. */
    private static final int MAX_DEPTH = 4;

    private final Module<?, ?> module;
    private final FieldTable fields;
    private @Nullable Map<String, @Nullable Parameter> parameters;
    private @Nullable Map<String, NamedBuffer> buffers;
    private @Nullable Map<String, @Nullable Module<?, ?>> modules;
    private boolean collectionsChecked;

    Registry(Module<?, ?> module) {
        this.module = module;
        this.fields = FieldTable.of(module.getClass());
    }

    void forEachParameter(BiConsumer<String, Parameter> visitor) {
        checkCollections();
        for (FieldTable.Slot slot : fields.parameters) {
            if (slot.read(module) instanceof Parameter parameter) {
                visitor.accept(slot.key(), parameter);
            }
        }
        if (parameters != null) {
            parameters.forEach((key, parameter) -> {
                if (parameter != null) {
                    visitor.accept(key, parameter);
                }
            });
        }
    }

    void forEachBuffer(BufferVisitor visitor) {
        checkCollections();
        for (FieldTable.Slot slot : fields.buffers) {
            if (slot.read(module) instanceof Tensor buffer) {
                visitor.accept(slot.key(), buffer.unscoped(), slot.persistent());
            }
        }
        if (buffers != null) {
            buffers.forEach((key, buffer) -> {
                Tensor tensor = buffer.tensor();
                if (tensor != null) {
                    visitor.accept(key, tensor.unscoped(), buffer.persistent());
                }
            });
        }
    }

    void forEachModule(BiConsumer<String, Module<?, ?>> visitor) {
        checkCollections();
        for (FieldTable.Slot slot : fields.modules) {
            if (slot.read(module) instanceof Module<?, ?> child) {
                visitor.accept(slot.key(), child);
            }
        }
        if (modules != null) {
            modules.forEach((key, child) -> {
                if (child != null) {
                    visitor.accept(key, child);
                }
            });
        }
    }

    void register(String name, @Nullable Parameter parameter) {
        checkName("parameter", name);
        if (parameter != null && !parameter.isLeaf()) {
            throw new IllegalArgumentException("Cannot assign non-leaf Tensor to parameter '" + name
                    + "'. Model parameters must be created explicitly. To express '" + name
                    + "' as a function of another Tensor, compute the value in the forward() method.");
        }
        if (parameters == null) {
            parameters = new LinkedHashMap<>();
        }
        parameters.put(name, GlobalHooks.registering(module, name, parameter));
    }

    void register(String name, @Nullable Tensor buffer, boolean persistent) {
        checkName("buffer", name);
        if (buffers == null) {
            buffers = new LinkedHashMap<>();
        }
        Tensor registered = GlobalHooks.registeringBuffer(module, name, buffer);
        buffers.put(name, new NamedBuffer(registered == null ? null : registered.unscoped(), persistent));
    }

    void register(String name, @Nullable Module<?, ?> child) {
        checkName("module", name);
        if (modules == null) {
            modules = new LinkedHashMap<>();
        }
        modules.put(name, GlobalHooks.registering(module, name, child));
    }

    private void checkName(String kind, String name) {
        if (name.contains(".")) {
            throw new IllegalArgumentException(kind + " name can't contain \".\", got: " + name);
        }
        if (name.isEmpty()) {
            throw new IllegalArgumentException(kind + " name can't be empty string \"\"");
        }
        if (holds(name)) {
            throw new IllegalArgumentException("attribute '" + name + "' already exists");
        }
    }

    private boolean holds(String name) {
        for (FieldTable.Slot[] slots : new FieldTable.Slot[][] {fields.parameters, fields.buffers, fields.modules}) {
            for (FieldTable.Slot slot : slots) {
                if (slot.key().equals(name)) {
                    return true;
                }
            }
        }
        return (parameters != null && parameters.containsKey(name))
                || (buffers != null && buffers.containsKey(name))
                || (modules != null && modules.containsKey(name));
    }

    /** Whether a module was registered as absent under {@code name}: keys of a state dict below it are then no surprise. */
    boolean holdsAbsentModule(String name) {
        return modules != null && modules.containsKey(name) && modules.get(name) == null;
    }

    /** Modules and parameters in a plain collection would be missed by every traversal: say so at the first one. */
    private void checkCollections() {
        if (collectionsChecked) {
            return;
        }
        for (FieldTable.Slot slot : fields.collections) {
            Object value = slot.read(module);
            if (value == null || value instanceof Module) {
                continue;
            }
            Object hidden = firstHidden(value, MAX_DEPTH);
            if (hidden != null) {
                String remedy = hidden instanceof Module
                        ? "use a ModuleList or registerModule"
                        : "use a field of its own or registerParameter";
                throw new IllegalStateException("field '" + slot.field().getName() + "' of "
                        + module.getClass().getName() + " holds a "
                        + hidden.getClass().getSimpleName()
                        + " in a plain " + value.getClass().getSimpleName()
                        + ", where no traversal, optimizer or state dict would find it: " + remedy
                        + ", or mark the field @Unregistered if that is meant");
            }
        }
        collectionsChecked = true;
    }

    /** The first module or parameter within plain collections, which may stand in each other. */
    private static @Nullable Object firstHidden(@Nullable Object value, int depth) {
        if (value instanceof Module || value instanceof Parameter) {
            return value;
        }
        Iterable<?> elements = depth == 0 ? null : elements(value);
        if (elements != null) {
            for (Object element : elements) {
                Object hidden = firstHidden(element, depth - 1);
                if (hidden != null) {
                    return hidden;
                }
            }
        }
        return null;
    }

    private static @Nullable Iterable<?> elements(@Nullable Object value) {
        if (value instanceof Collection<?> collection) {
            return collection;
        }
        if (value instanceof Map<?, ?> map) {
            return map.values();
        }
        return value instanceof Object[] array ? Arrays.asList(array) : null;
    }
}
