package org.jtorch.nn;

import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Modules under names: a {@link Map} in the order of insertion, whose values are this module's children.
 *
 * <pre>{@code
 * ModuleDict<Layer> activations = new ModuleDict<>();
 * activations.put("relu", new ReLU());
 * activations.put("tanh", new Tanh());
 * x = activations.get("relu").call(x);
 * }</pre>
 *
 * <p>It cannot be called itself. Values are not null. As of any map, equality is that of the entries. PyTorch refuses the
 * names of its class's methods as keys ({@code keys}, {@code type}); here they may be used.
 *
 * @param <M> what the values are
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ModuleDict.html">torch.nn.ModuleDict</a>
 */
public class ModuleDict<M extends Module<?, ?>> extends MapModule<M> {

    /** Without modules yet. */
    public ModuleDict() {
        super("module");
    }

    /** With these modules, in the map's order. */
    public ModuleDict(Map<String, ? extends M> modules) {
        this();
        modules.forEach(this::put);
    }

    /** Puts modules under their keys: {@link #putAll}. */
    public final ModuleDict<M> update(Map<String, ? extends M> modules) {
        modules.forEach(this::put);
        return this;
    }

    /** Puts modules under their names, in their order. */
    public final ModuleDict<M> update(Iterable<? extends Named<? extends M>> modules) {
        modules.forEach(named -> put(named.name(), named.value()));
        return this;
    }

    /**
     * Returns the module of a key, of a class.
     *
     * @throws NoSuchElementException if the key is not there
     * @throws IllegalArgumentException if the module there is of another class
     */
    public final <T extends Module<?, ?>> T get(String key, Class<T> type) {
        M module = get(key);
        if (module == null) {
            throw new NoSuchElementException("there is no key '" + key + "' in " + keySet());
        }
        return Paths.cast(module, key, type);
    }

    @Override
    @SuppressWarnings("unchecked") // a wrong value fails where it is read as an M
    M registering(String key, M value) {
        return (M) Objects.requireNonNull(GlobalHooks.registering(this, key, value));
    }

    @Override
    @SuppressWarnings("unchecked") // a wrong value fails where it is read as an M
    public void registerModule(String name, @Nullable Module<?, ?> module) {
        if (module == null) {
            throw new IllegalArgumentException("a ModuleDict has no place for an absent module '" + name + "'");
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

    /** {@inheritDoc} A dict has nothing to compute: always throws. */
    @Override
    protected Object forward(Object input) {
        throw new UnsupportedOperationException(
                "Module [" + className() + "] is missing the required \"forward\" function: call its values");
    }
}
