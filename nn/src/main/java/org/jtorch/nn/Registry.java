package org.jtorch.nn;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.internal.Records;

/**
 * The members of one module: its fields, which are read at each use, followed by what was registered by name at run time.
 * Parameters, buffers and children each keep their order.
 */
final class Registry {

    /** Represents the absence of an attribute. */
    static final Object NOTHING = new Object();

    /** How deep collections are searched; a list may hold itself. */
    private static final int MAX_DEPTH = 4;

    /** Registered in place of a parameter that a field holds but that comes later in the order than its field. */
    private static final Parameter IN_FIELD = new Parameter(() -> {
        throw new IllegalStateException("a marker, not a tensor");
    });

    private final Module<?, ?> module;
    private final FieldTable fields;
    private @Nullable Map<String, @Nullable Parameter> parameters;
    private @Nullable Map<String, @Nullable Buffer> buffers;
    private @Nullable Map<String, @Nullable Module<?, ?>> modules;
    private @Nullable Derivations derivations;
    private boolean collectionsChecked;

    /** The number of modules that the last walk from here found, used as the initial capacity of the next one. */
    int modulesBelow;

    /**
     * The larger of the numbers of parameters and of buffers that the last walks from here found; see {@link #modulesBelow}.
     */
    int membersBelow;

    Registry(Module<?, ?> module) {
        this.module = module;
        this.fields = FieldTable.of(module.getClass());
    }

    void forEachParameter(BiConsumer<String, Parameter> visitor) {
        checkCollections();
        module.visitListed((key, parameter) -> {
            if (isOwn(key, parameter)) {
                visitor.accept(key, parameter);
            }
        });
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

    void forEachBuffer(BiConsumer<String, Buffer> visitor) {
        checkCollections();
        for (FieldTable.Slot slot : fields.buffers) {
            if (slot.read(module) instanceof Buffer buffer && isOwn(slot.key(), buffer)) {
                visitor.accept(slot.key(), buffer);
            }
        }
        if (buffers != null) {
            buffers.forEach((key, buffer) -> {
                if (buffer != null && isOwn(key, buffer)) {
                    visitor.accept(key, buffer);
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

    /**
     * Visits the tensors in fields, including those inside collections, that are neither parameters nor buffers, with the name
     * of the field.
     */
    void forEachStray(BiConsumer<String, Tensor> visitor) {
        for (FieldTable.Slot slot : fields.parameters) {
            if (slot.read(module) instanceof Tensor tensor
                    && !(tensor instanceof Parameter || tensor instanceof Buffer)) {
                visitor.accept(slot.field().getName(), tensor);
            }
        }
        for (FieldTable.Slot slot : fields.collections) {
            Object value = slot.read(module);
            if (!(value instanceof Module || value instanceof Tensor)) {
                TensorTree.forEachVisible(
                        value, tensor -> visitor.accept(slot.field().getName(), tensor));
            }
        }
    }

    /** Visits everything that fields hold, directly or nested, if it may be a tensor that is not registered. */
    void forEachHeld(Consumer<Object> visitor) {
        for (FieldTable.Slot slot : fields.holders) {
            firstWithin(slot.read(module), MAX_DEPTH, value -> {
                visitor.accept(value);
                return false;
            });
        }
    }

    /** Does the same as {@link #forEachModule}, including what was registered as absent. */
    void forEachShown(BiConsumer<String, @Nullable Module<?, ?>> visitor) {
        checkCollections();
        for (FieldTable.Slot slot : fields.modules) {
            if (slot.read(module) instanceof Module<?, ?> child) {
                visitor.accept(slot.key(), child);
            }
        }
        if (modules != null) {
            modules.forEach(visitor);
        }
    }

    // --- by name -----------------------------------------------------------------------------------------------

    void register(String name, @Nullable Parameter parameter) {
        FieldTable.Slot slot = FieldTable.find(fields.parameters, name);
        boolean own = isFreeFor(slot, Parameter.class) || (parameters != null && parameters.containsKey(name));
        checkName("parameter", name, "");
        checkFree(name, own);
        if (parameter != null) {
            checkLeaf(name, parameter);
        }
        if (slot != null) {
            slot.write(module, parameter);
            return;
        }
        if (parameters == null) {
            parameters = new LinkedHashMap<>();
        }
        parameters.put(name, GlobalHooks.registering(module, name, parameter));
    }

    void register(String name, @Nullable Buffer buffer) {
        FieldTable.Slot slot = FieldTable.find(fields.buffers, name);
        boolean own = slot != null || (buffers != null && buffers.containsKey(name));
        checkName("buffer", name, "");
        checkFree(name, own);
        if (slot != null) {
            slot.write(module, buffer);
            return;
        }
        if (buffers == null) {
            buffers = new LinkedHashMap<>();
        }
        buffers.put(name, GlobalHooks.registering(module, name, buffer));
    }

    void register(String name, @Nullable Module<?, ?> child) {
        FieldTable.Slot slot = FieldTable.find(fields.modules, name);
        boolean own = isFreeFor(slot, Module.class) || (modules != null && modules.containsKey(name));
        checkFree(name, own);
        checkName("module", name, ", got: " + name);
        if (slot != null) {
            slot.write(module, child);
            return;
        }
        if (modules == null) {
            modules = new LinkedHashMap<>();
        }
        modules.put(name, GlobalHooks.registering(module, name, child));
    }

    // --- by key ------------------------------------------------------------------------------------------------

    /** Returns the parameter or buffer with the given key, or the object that stands in its place; null if there is none. */
    @Nullable
    Tensor tensor(String key) {
        FieldTable.Slot slot = tensorSlot(key);
        if (slot != null) {
            return slot.read(module) instanceof Tensor tensor ? tensor : null;
        }
        if (parameters != null && parameters.containsKey(key)) {
            return parameters.get(key);
        }
        Buffer buffer = buffers == null ? null : buffers.get(key);
        return buffer == null ? module.listed(key) : buffer;
    }

    /** Returns whether there is a place for a parameter or buffer with that key. */
    boolean hasTensor(String key) {
        return tensorSlot(key) != null
                || (parameters != null && parameters.containsKey(key))
                || (buffers != null && buffers.containsKey(key))
                || module.listed(key) != null;
    }

    /** Returns the child registered with the given name at run time, or null. */
    @Nullable
    Module<?, ?> registeredModule(String name) {
        return modules == null ? null : modules.get(name);
    }

    /** Puts a parameter or buffer in an existing place. In a buffer's place, a plain tensor becomes a buffer. */
    void setTensor(String key, @Nullable Tensor value) {
        FieldTable.Slot slot = tensorSlot(key);
        if (slot != null) {
            slot.write(module, isBuffer(key) ? buffer(slot.read(module), value) : value);
        } else if (parameters != null && parameters.containsKey(key)) {
            parameters.put(key, (Parameter) value);
        } else if (value instanceof Parameter parameter && module.listed(key) != null) {
            module.setListed(key, parameter);
        } else {
            if (buffers == null || !buffers.containsKey(key)) {
                throw new IllegalArgumentException(module.className() + " has no parameter or buffer '" + key + "'");
            }
            buffers.put(key, buffer(buffers.get(key), value));
        }
    }

    /**
     * Returns the buffer to be put in place of {@code before}. It is persistent if {@code before} is, unless {@code value} is
     * itself a buffer.
     */
    private static @Nullable Buffer buffer(@Nullable Object before, @Nullable Tensor value) {
        if (value == null || value instanceof Buffer) {
            return (Buffer) value;
        }
        return new Buffer(value, o -> o.persistent(!(before instanceof Buffer old) || old.isPersistent()));
    }

    /** Moves a parameter after all present ones, as if PyTorch registered it again. */
    void moveToEnd(String key) {
        if (FieldTable.find(fields.parameters, key) != null) {
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

    /** Removes what was registered with the given name at run time. */
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

    /** Removes a child, parameter or buffer. A member registered by name is forgotten; a field is set to null. */
    void delete(String name) {
        if (derivations != null && derivations.has(name)) {
            throw new IllegalStateException("'" + name + "' of " + module.className()
                    + " is computed from other parameters: end its parametrization or pruning first");
        }
        boolean registered = (parameters != null && parameters.containsKey(name))
                || (buffers != null && buffers.containsKey(name))
                || (modules != null && modules.containsKey(name));
        boolean found = registered;
        for (FieldTable.Slot[] slots : List.of(fields.parameters, fields.buffers, fields.modules)) {
            FieldTable.Slot slot = FieldTable.find(slots, name);
            Object held = slot == null ? null : slot.read(module);
            if (slot != null && (held == null || held instanceof Module || held instanceof Tensor)) {
                slot.write(module, null);
                found = true;
            }
        }
        if (!found) {
            throw new IllegalArgumentException(
                    attribute(name) == NOTHING
                            ? "'" + module.className() + "' object has no attribute '" + name + "'"
                            : "'" + name + "' of " + module.className() + " is not a parameter, buffer or module");
        }
        if (parameters != null) {
            parameters.remove(name);
        }
        if (buffers != null) {
            buffers.remove(name);
        }
        if (modules != null) {
            modules.remove(name);
        }
    }

    private FieldTable.@Nullable Slot tensorSlot(String key) {
        FieldTable.Slot slot = FieldTable.find(fields.buffers, key);
        return slot == null ? FieldTable.find(fields.parameters, key) : slot;
    }

    private boolean moved(String key) {
        return parameters != null && parameters.get(key) == IN_FIELD;
    }

    // --- what is computed --------------------------------------------------------------------------------------

    /** Returns the derivations of this module, or null if there are none. */
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

    /** Returns whether a tensor is a member of the module, and does not stand for a computed one. */
    private boolean isOwn(String key, Tensor tensor) {
        if (derivations != null) {
            derivations.check(key, tensor);
        }
        return !(tensor instanceof Derived);
    }

    /** Throws, with PyTorch's message, if a name cannot be a key. */
    static void checkName(String kind, String name, String got) {
        if (name.contains(".")) {
            throw new IllegalArgumentException(kind + " name can't contain \".\"" + got);
        }
        if (name.isEmpty()) {
            throw new IllegalArgumentException(kind + " name can't be empty string \"\"");
        }
    }

    /** Throws if a parameter is not a leaf, because it would not be learned. */
    static void checkLeaf(String name, Parameter parameter) {
        if (!parameter.isLeaf()) {
            throw new IllegalArgumentException("Cannot assign non-leaf Tensor to parameter '" + name
                    + "'. Model parameters must be created explicitly. To express '" + name
                    + "' as a function of another Tensor, compute the value in the forward() method.");
        }
    }

    /**
     * Returns whether there is a field that holds nothing, or something that the new value may replace. A field of a wide type
     * may hold something else.
     */
    private boolean isFreeFor(FieldTable.@Nullable Slot slot, Class<?> kind) {
        Object held = slot == null ? null : slot.read(module);
        return slot != null && (held == null || kind.isInstance(held));
    }

    /** Throws if a name is taken by something that is not of the same kind. */
    private void checkFree(String name, boolean own) {
        if (!own && attribute(name) != NOTHING) {
            throw new IllegalArgumentException("attribute '" + name + "' already exists");
        }
    }

    /** Returns a copy of this registry's entries by name for {@code copy}, which is a copy of its module. */
    Registry copyFor(Module<?, ?> copy, DeepCopier copier) {
        Registry result = new Registry(copy);
        if (parameters != null) {
            result.parameters = new LinkedHashMap<>(parameters);
            result.parameters.replaceAll(
                    (key, parameter) -> parameter == IN_FIELD ? parameter : copier.copy(parameter));
        }
        if (buffers != null) {
            result.buffers = new LinkedHashMap<>(buffers);
            result.buffers.replaceAll((key, buffer) -> copier.copy(buffer));
        }
        if (modules != null) {
            result.modules = new LinkedHashMap<>(modules);
            result.modules.replaceAll((key, child) -> copier.copy(child));
        }
        if (derivations != null) {
            result.derivations = derivations.copyFor(copy, copier);
        }
        return result;
    }

    /**
     * Returns what has the given key: null if it is absent, a value of another kind if it is not state, or {@link #NOTHING}.
     */
    @Nullable
    Object attribute(String name) {
        for (FieldTable.Slot[] slots : List.of(fields.parameters, fields.buffers, fields.modules)) {
            FieldTable.Slot slot = FieldTable.find(slots, name);
            if (slot != null) {
                return slot.read(module);
            }
        }
        if (parameters != null && parameters.containsKey(name)) {
            return parameters.get(name);
        }
        if (buffers != null && buffers.containsKey(name)) {
            return buffers.get(name);
        }
        if (modules != null && modules.containsKey(name)) {
            return modules.get(name);
        }
        return fields.hasKey(name) || name.equals("training") ? fields : NOTHING;
    }

    StateDictMethods stateDictMethods() {
        return fields.stateDictMethods;
    }

    /**
     * Returns whether a module was registered as absent under {@code name}. Keys of a state dict below it are then not
     * unexpected.
     */
    boolean holdsAbsentModule(String name) {
        return modules != null && modules.containsKey(name) && modules.get(name) == null;
    }

    /** Returns whether a key is that of a buffer, or of an absent buffer. */
    boolean isBuffer(String name) {
        FieldTable.Slot slot = FieldTable.find(fields.buffers, name);
        if (slot != null) {
            Object value = slot.read(module);
            return value instanceof Buffer
                    || (value == null
                            && Buffer.class.isAssignableFrom(slot.field().getType()));
        }
        return buffers != null && buffers.containsKey(name);
    }

    // --- traps -------------------------------------------------------------------------------------------------

    /** Throws if a plain collection holds modules, parameters or buffers, which every traversal would miss. */
    private void checkCollections() {
        if (collectionsChecked) {
            return;
        }
        for (FieldTable.Slot slot : fields.captured) {
            Object value = slot.read(module);
            if (value != null) {
                throw new IllegalStateException(
                        "the local or anonymous class " + module.getClass().getName()
                                + " uses a " + value.getClass().getSimpleName() + " '"
                                + slot.field().getName().substring("val$".length())
                                + "' from around it, which no traversal, optimizer or state dict would find: hold it in a field of"
                                + " the class, marked @Unregistered if it is not to be part of it");
            }
        }
        for (FieldTable.Slot slot : fields.collections) {
            Object value = slot.read(module);
            if (value == null || value instanceof Module || value instanceof Tensor) {
                continue;
            }
            Object hidden = firstHidden(value);
            if (hidden != null) {
                boolean record = value instanceof Record;
                String remedy = record
                        ? "make the record a Module, or use fields"
                        : hidden instanceof Module
                                ? "use a ModuleList or registerModule"
                                : hidden instanceof Buffer
                                        ? "use fields or registerBuffer"
                                        : "use a ParameterList or registerParameter";
                throw new IllegalStateException("field '" + slot.field().getName() + "' of "
                        + module.getClass().getName() + " holds a "
                        + hidden.getClass().getSimpleName()
                        + (record ? " in the record " : " in a plain ")
                        + value.getClass().getSimpleName()
                        + ", where no traversal, optimizer or state dict would find it: " + remedy
                        + ", or mark the field @Unregistered if that is intended");
            }
        }
        collectionsChecked = true;
    }

    /** Returns the first module, parameter or buffer within plain collections and records, which may be nested. */
    private static @Nullable Object firstHidden(@Nullable Object value) {
        return firstWithin(value, MAX_DEPTH, v -> v instanceof Module || v instanceof Parameter || v instanceof Buffer);
    }

    private static @Nullable Object firstWithin(@Nullable Object value, int depth, Predicate<Object> wanted) {
        if (value == null || wanted.test(value)) {
            return value;
        }
        Iterable<?> elements = depth == 0 ? null : elements(value);
        if (elements != null) {
            for (Object element : elements) {
                Object hidden = firstWithin(element, depth - 1, wanted);
                if (hidden != null) {
                    return hidden;
                }
            }
        }
        return null;
    }

    /** Returns the first module or tensor that a value is or holds. */
    static @Nullable Object firstHeld(@Nullable Object value) {
        return firstWithin(value, MAX_DEPTH, v -> v instanceof Module || v instanceof Tensor);
    }

    private static @Nullable Iterable<?> elements(@Nullable Object value) {
        if (value instanceof Collection<?> collection) {
            return collection;
        }
        if (value instanceof Map<?, ?> map) {
            return map.values();
        }
        if (value instanceof Record node) {
            return Arrays.asList(Records.values(node));
        }
        if (value instanceof Optional<?> optional) {
            return optional.stream().toList();
        }
        return value instanceof Object[] array ? Arrays.asList(array) : null;
    }
}
