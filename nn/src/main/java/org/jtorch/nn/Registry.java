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

    /** Registered in place of a parameter that stands in a field, but comes later in order than its field does. */
    private static final Parameter IN_FIELD = new Parameter(() -> {
        throw new IllegalStateException("a mark, and no tensor");
    });

    private final Module<?, ?> module;
    private final FieldTable fields;
    private @Nullable Map<String, @Nullable Parameter> parameters;
    private @Nullable Map<String, NamedBuffer> buffers;
    private @Nullable Map<String, @Nullable Module<?, ?>> modules;
    private @Nullable Derivations derivations;
    private boolean collectionsChecked;

    Registry(Module<?, ?> module) {
        this.module = module;
        this.fields = FieldTable.of(module.getClass());
    }

    void forEachParameter(BiConsumer<String, Parameter> visitor) {
        checkCollections();
        for (FieldTable.Slot slot : fields.parameters) {
            if (slot.read(module) instanceof Parameter parameter
                    && isOwn(slot.key(), parameter)
                    && !moved(slot.key())) {
                visitor.accept(slot.key(), parameter);
            }
        }
        if (parameters != null) {
            parameters.forEach((key, registered) -> {
                Object parameter = registered == IN_FIELD ? tensor(key) : registered;
                if (parameter instanceof Parameter own && isOwn(key, own)) {
                    visitor.accept(key, own);
                }
            });
        }
    }

    void forEachBuffer(BufferVisitor visitor) {
        checkCollections();
        for (FieldTable.Slot slot : fields.buffers) {
            if (slot.read(module) instanceof Tensor buffer && isOwn(slot.key(), buffer)) {
                visitor.accept(slot.key(), buffer.unscoped(), slot.persistent());
            }
        }
        if (buffers != null) {
            buffers.forEach((key, buffer) -> {
                Tensor tensor = buffer.tensor();
                if (tensor != null && isOwn(key, tensor)) {
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

    // --- by key ------------------------------------------------------------------------------------------------

    /** The parameter or buffer under a key, a stand-in too; null where there is none. */
    @Nullable
    Tensor tensor(String key) {
        FieldTable.Slot slot = tensorSlot(key);
        if (slot != null) {
            return slot.read(module) instanceof Tensor tensor ? tensor : null;
        }
        if (parameters != null && parameters.containsKey(key)) {
            return parameters.get(key);
        }
        NamedBuffer buffer = buffers == null ? null : buffers.get(key);
        return buffer == null ? null : buffer.tensor();
    }

    /** Whether there is a place for a parameter or buffer under that key. */
    boolean hasTensor(String key) {
        return tensorSlot(key) != null
                || (parameters != null && parameters.containsKey(key))
                || (buffers != null && buffers.containsKey(key));
    }

    /** The child registered under a name at run time, or null. */
    @Nullable
    Module<?, ?> registeredModule(String name) {
        return modules == null ? null : modules.get(name);
    }

    /** Puts a parameter or buffer where there is a place for it. */
    void setTensor(String key, @Nullable Tensor value) {
        FieldTable.Slot slot = tensorSlot(key);
        if (slot != null) {
            slot.write(module, value);
        } else if (parameters != null && parameters.containsKey(key)) {
            parameters.put(key, (Parameter) value);
        } else {
            NamedBuffer buffer = buffers == null ? null : buffers.get(key);
            if (buffers == null || buffer == null) {
                throw new IllegalArgumentException(module.className() + " has no parameter or buffer '" + key + "'");
            }
            buffers.put(key, new NamedBuffer(value == null ? null : value.unscoped(), buffer.persistent()));
        }
    }

    /** From now on a parameter comes behind all that are there, as one that PyTorch registers again does. */
    void moveToEnd(String key) {
        if (slot(fields.parameters, key) != null) {
            if (parameters == null) {
                parameters = new LinkedHashMap<>();
            }
            parameters.remove(key);
            parameters.put(key, IN_FIELD);
        } else if (parameters != null && parameters.containsKey(key)) {
            parameters.put(key, parameters.remove(key));
        } else if (buffers != null && buffers.containsKey(key)) {
            buffers.put(key, buffers.remove(key));
        }
    }

    /** Forgets what was registered under a name at run time. */
    void unregister(String name) {
        if ((parameters != null && parameters.containsKey(name) && parameters.get(name) != IN_FIELD)) {
            parameters.remove(name);
        } else if (buffers != null && buffers.containsKey(name)) {
            buffers.remove(name);
        } else if (modules != null && modules.containsKey(name)) {
            modules.remove(name);
        } else {
            throw new IllegalArgumentException("nothing is registered as '" + name + "' in " + module.className());
        }
    }

    private FieldTable.@Nullable Slot tensorSlot(String key) {
        FieldTable.Slot slot = slot(fields.buffers, key);
        return slot == null ? slot(fields.parameters, key) : slot;
    }

    private static FieldTable.@Nullable Slot slot(FieldTable.Slot[] slots, String key) {
        for (FieldTable.Slot slot : slots) {
            if (slot.key().equals(key)) {
                return slot;
            }
        }
        return null;
    }

    private boolean moved(String key) {
        return parameters != null && parameters.get(key) == IN_FIELD;
    }

    // --- what is computed --------------------------------------------------------------------------------------

    /** What is computed when the forward reads it, or null where nothing is. */
    @Nullable
    Derivations derivations() {
        return derivations;
    }

    boolean isDeriving() {
        return derivations != null;
    }

    Derivations derivationsOrNew() {
        if (derivations == null) {
            derivations = new Derivations(module);
        }
        return derivations;
    }

    void dropDerivations() {
        derivations = null;
    }

    /** Whether a tensor is one of the module, and does not stand for one that is computed. */
    private boolean isOwn(String key, Tensor tensor) {
        if (derivations != null) {
            derivations.check(key, tensor);
        }
        return !(tensor instanceof DerivedParameter);
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
