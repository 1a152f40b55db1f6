package org.jtorch.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.state.StateDict;
import org.jtorch.nn.state.StateDictLoad;

/**
 * Tensors of a module that are computed from others when its forward reads a field. Weight normalization, parametrizations and
 * pruning are built on it.
 *
 * <p>The field holds an object that stands for the computed tensor. During a call of the module, the tensor is computed once,
 * at its first use; outside a call, it is computed at each use. It is not a parameter or a buffer of the module in any
 * traversal, and it is not part of the state dict. Several threads may call the module; each has its own values.
 *
 * @see org.jtorch.nn.Module
 */
public final class Derivations {

    /** An open cache of computed values. */
    @FunctionalInterface
    public interface Cache extends AutoCloseable {
        @Override
        void close();
    }

    private final Module<?, ?> module;
    private final Map<String, Derived> derived = new LinkedHashMap<>();

    Derivations(Module<?, ?> module) {
        this.module = module;
    }

    /**
     * Makes the module's parameter or buffer {@code name} a computed one. The tensor that was there is no longer the module's,
     * unless it is registered under another name.
     *
     * @throws IllegalArgumentException if there is no parameter or buffer with that name
     */
    public static void derive(Module<?, ?> module, String name, Derivation derivation) {
        Registry registry = module.registry();
        if (registry.isBuffer(name)) {
            boolean persistent = !(registry.tensor(name) instanceof Buffer buffer) || buffer.isPersistent();
            put(registry, name, new DerivedBuffer(module, derivation, persistent));
        } else {
            put(registry, name, new DerivedParameter(module, derivation));
        }
    }

    private static <T extends Tensor & Derived> void put(Registry registry, String name, T derived) {
        registry.setTensor(name, derived);
        registry.derivationsOrNew().derived.put(name, derived);
    }

    /** Returns how {@code name} is computed, or null if it is not computed. */
    public static @Nullable Derivation of(Module<?, ?> module, String name) {
        Derivations derivations = module.registry().derivations();
        Derived derived = derivations == null ? null : derivations.derived.get(name);
        return derived == null ? null : derived.derivation();
    }

    /** Returns the derivations of the module itself by name. */
    public static Map<String, Derivation> of(Module<?, ?> module) {
        Map<String, Derivation> result = new LinkedHashMap<>();
        Derivations derivations = module.registry().derivations();
        if (derivations != null) {
            derivations.derived.forEach((name, parameter) -> result.put(name, parameter.derivation()));
        }
        return result;
    }

    /**
     * Ends the derivation of {@code name}. The name then has {@code value}, as the last of the module's parameters or buffers.
     *
     * @throws IllegalArgumentException if {@code name} is not computed
     */
    public static void end(Module<?, ?> module, String name, Tensor value) {
        Registry registry = module.registry();
        Derivations derivations = registry.derivations();
        if (derivations == null || derivations.derived.remove(name) == null) {
            throw new IllegalArgumentException("'" + name + "' of " + module.className() + " is not computed");
        }
        if (derivations.derived.isEmpty()) {
            registry.dropDerivations();
        }
        registry.setTensor(name, value);
        registry.moveToEnd(name);
    }

    /**
     * Returns the parameter or buffer with the given key in the module itself, or what stands in place of a computed one, or
     * null if there is none.
     */
    public static @Nullable Tensor tensor(Module<?, ?> module, String name) {
        return module.registry().tensor(name);
    }

    /** Returns whether the module has a place for a parameter or buffer with the given key, even if the place is empty. */
    public static boolean has(Module<?, ?> module, String name) {
        return module.registry().hasTensor(name);
    }

    /** Returns the child that was registered with the given name at run time, or null. */
    public static @Nullable Module<?, ?> module(Module<?, ?> module, String name) {
        return module.registry().registeredModule(name);
    }

    /** Puts {@code value} under a key that the module has, either a field or a name registered at run time. */
    public static void setTensor(Module<?, ?> module, String name, @Nullable Tensor value) {
        module.registry().setTensor(name, value);
    }

    /** Removes what {@code registerParameter}, {@code registerBuffer} or {@code registerModule} registered. */
    public static void unregister(Module<?, ?> module, String name) {
        module.registry().unregister(name);
    }

    /**
     * Keeps the values that can be kept, on the current thread, until the returned cache is closed. Within an outer cache, they
     * are kept until the outer one is closed.
     */
    public static Cache cache() {
        return DerivedValues.cache();
    }

    /** Returns the same derivations for a copy of the module. */
    Derivations copyFor(Module<?, ?> copy, DeepCopier copier) {
        Derivations result = new Derivations(copy);
        derived.forEach((name, parameter) -> result.derived.put(name, copier.copy(parameter)));
        return result;
    }

    /** Returns whether a key is computed. */
    boolean has(String name) {
        return derived.containsKey(name);
    }

    /** Returns whether any of them is a parametrization. */
    boolean areParametrizations() {
        return derived.values().stream().anyMatch(p -> p.derivation().isParametrization());
    }

    void afterSave(StateDict stateDict, String prefix, Map<String, Object> localMetadata) {
        derived.values().forEach(p -> p.derivation().afterSave(module, stateDict, prefix, localMetadata));
    }

    void beforeLoad(StateDictLoad load) {
        derived.values().forEach(p -> p.derivation().beforeLoad(module, load));
    }

    /** Begins a call of the module, and returns the values that it keeps. */
    DerivedValues beginCall() {
        for (Map.Entry<String, Derived> entry : derived.entrySet()) {
            check(entry.getKey(), module.registry().tensor(entry.getKey()));
            entry.getValue().derivation().beginCall(module);
        }
        return DerivedValues.ofCall(module);
    }

    /** Throws if the field of a computed parameter was assigned: that value would be used and the derivation ignored. */
    void check(String name, @Nullable Tensor standing) {
        Derived expected = derived.get(name);
        if (expected != null && standing != expected) {
            throw new IllegalStateException("'" + name + "' of " + module.className()
                    + " is computed from other parameters, and was assigned: end its parametrization or pruning first, or"
                    + " give the value to ParametrizationList.rightInverse");
        }
    }
}
