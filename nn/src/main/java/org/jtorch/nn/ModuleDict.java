package org.jtorch.nn;

import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A map of modules. It is a {@link Map} in the order of insertion whose values are the children of this module.
 *
 * <pre>{@code
 * ModuleDict<Layer> activations = new ModuleDict<>();
 * activations.put("relu", new ReLU());
 * activations.put("tanh", new Tanh());
 * x = activations.get("relu").call(x);
 * }</pre>
 *
 * <p>It cannot be called. Values must not be null. Two maps are equal if their entries are equal. PyTorch rejects the names of
 * its class's methods as keys ({@code keys}, {@code type}); here they are allowed.
 *
 * @param <M> the type of the values
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ModuleDict.html">torch.nn.ModuleDict</a>
 */
public class ModuleDict<M extends Module<?, ?>> extends MapModule<M> {

    /** Creates an empty map. */
    public ModuleDict() {
        super("module");
    }

    /** Creates a map of the given modules, in the order of the map. */
    public ModuleDict(Map<String, ? extends M> modules) {
        this();
        modules.forEach(this::put);
    }

    /** Adds modules under their keys: {@link #putAll}. */
    public final ModuleDict<M> update(Map<String, ? extends M> modules) {
        modules.forEach(this::put);
        return this;
    }

    /** Adds modules under their names, in their order. */
    public final ModuleDict<M> update(Iterable<? extends Named<? extends M>> modules) {
        modules.forEach(named -> put(named.name(), named.value()));
        return this;
    }

    /**
     * Returns the module with the given key as the given class.
     *
     * @throws NoSuchElementException if there is no such key
     * @throws IllegalArgumentException if the module at that position is of another class
     */
    public final <T extends Module<?, ?>> T get(String key, Class<T> type) {
        M module = get(key);
        if (module == null) {
            throw new NoSuchElementException("there is no key '" + key + "' in " + keySet());
        }
        return Paths.cast(module, key, type);
    }

    @Override
    @SuppressWarnings("unchecked") // A value of another type fails when it is read as an M.
    M registering(String key, M value) {
        return (M) Objects.requireNonNull(GlobalHooks.registering(this, key, value));
    }

    @Override
    @SuppressWarnings("unchecked") // A value of another type fails when it is read as an M.
    public void registerModule(String name, @Nullable Module<?, ?> module) {
        if (module == null) {
            throw new IllegalArgumentException("a ModuleDict cannot hold an absent module '" + name + "'");
        }
        put(name, (M) module);
    }

    @Override
    void visitChildren(BiConsumer<String, Module<?, ?>> visitor) {
        entries.forEach(visitor);
    }

    @Override
    void visitShown(BiConsumer<String, @Nullable Module<?, ?>> visitor) {
        entries.forEach(visitor);
    }

    @Override
    @Nullable
    Object attribute(String name) {
        M module = entries.get(name);
        return module == null ? super.attribute(name) : module;
    }

    /** {@inheritDoc} A map cannot be called, so this method always throws. */
    @Override
    protected Object forward(Object input) {
        throw new UnsupportedOperationException(
                "Module [" + className() + "] is missing the required \"forward\" function: call its values");
    }
}
