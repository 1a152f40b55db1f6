package org.jtorch.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.state.StateDict;
import org.jtorch.nn.state.StateDictLoad;

/**
 * Tensors of a module that are computed from others where its forward reads a field: what weight normalisation,
 * parametrizations and pruning are made of.
 *
 * <p>In the field stands an object whose use is a use of the computed tensor. Within a call of the module it is computed once,
 * at its first use; outside of one, anew at each. It is no parameter and no buffer of the module to any traversal, nor in the
 * state dict. Any number of threads may call the module, each sees its own values.
 *
 * @see org.jtorch.nn.Module
 */
public final class Derivations {

    /** An open cache of values. */
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
     * From now on the module's parameter or buffer {@code name} is computed. What stood there is no longer the module's, unless
     * it was registered under another name.
     *
     * @throws IllegalArgumentException if there is no parameter or buffer of that name
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

    /** How {@code name} is computed, or null if it is not. */
    public static @Nullable Derivation of(Module<?, ?> module, String name) {
        Derivations derivations = module.registry().derivations();
        Derived derived = derivations == null ? null : derivations.derived.get(name);
        return derived == null ? null : derived.derivation();
    }

    /** Returns all of the module's own, by name. */
    public static Map<String, Derivation> of(Module<?, ?> module) {
        Map<String, Derivation> result = new LinkedHashMap<>();
        Derivations derivations = module.registry().derivations();
        if (derivations != null) {
            derivations.derived.forEach((name, parameter) -> result.put(name, parameter.derivation()));
        }
        return result;
    }

    /**
     * Ends it: {@code value} stands there now, the last of the module's parameters or buffers.
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
     * Returns the parameter or buffer under a key of the module itself, or what stands there in place of a computed one; null
     * where there is none.
     */
    public static @Nullable Tensor tensor(Module<?, ?> module, String name) {
        return module.registry().tensor(name);
    }

    /** Returns whether the module has a place for a parameter or buffer under a key, be it empty. */
    public static boolean has(Module<?, ?> module, String name) {
        return module.registry().hasTensor(name);
    }

    /** Returns the child that was registered under a name at run time, or null. */
    public static @Nullable Module<?, ?> module(Module<?, ?> module, String name) {
        return module.registry().registeredModule(name);
    }

    /** Puts {@code value} under a key that the module has, a field or a name given at run time. */
    public static void setTensor(Module<?, ?> module, String name, @Nullable Tensor value) {
        module.registry().setTensor(name, value);
    }

    /** Takes away what {@code registerParameter}, {@code registerBuffer} or {@code registerModule} registered. */
    public static void unregister(Module<?, ?> module, String name) {
        module.registry().unregister(name);
    }

    /** Keeps the values that can be kept, on this thread, until it is closed; within another one, until that is closed. */
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

    /** Returns whether a parametrization is among them. */
    boolean areParametrizations() {
        return derived.values().stream().anyMatch(p -> p.derivation().isParametrization());
    }

    void afterSave(StateDict stateDict, String prefix, Map<String, Object> localMetadata) {
        derived.values().forEach(p -> p.derivation().afterSave(module, stateDict, prefix, localMetadata));
    }

    void beforeLoad(StateDictLoad load) {
        derived.values().forEach(p -> p.derivation().beforeLoad(module, load));
    }

    /** One call of the module. */
    DerivedValues beginCall() {
        for (Map.Entry<String, Derived> entry : derived.entrySet()) {
            check(entry.getKey(), module.registry().tensor(entry.getKey()));
            entry.getValue().derivation().beginCall(module);
        }
        return DerivedValues.ofCall(module);
    }

    /** Complains of a computed parameter's field that was assigned: the value would be used and the rest be dead. */
    void check(String name, @Nullable Tensor standing) {
        Derived expected = derived.get(name);
        if (expected != null && standing != expected) {
            throw new IllegalStateException("'" + name + "' of " + module.className()
                    + " is computed from other parameters, and was assigned: end its parametrization or pruning first, or"
                    + " give the value to ParametrizationList.rightInverse");
        }
    }
}
