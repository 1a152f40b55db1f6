package org.jtorch.nn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.Substitution;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.autograd.Autograd;

/**
 * The derived tensors that one thread has computed, kept for the length of one call of their module or of a cache that the user
 * opened. They are computed at their first use and then kept. A value computed without a graph is not used if one with a graph
 * is needed.
 */
final class DerivedValues implements AutoCloseable {

    private static final ThreadLocal<@Nullable DerivedValues> INNERMOST = new ThreadLocal<>();
    private static final ThreadLocal<@Nullable DerivedValues> CACHE = new ThreadLocal<>();

    private record Key(DerivedSource source, boolean recorded, boolean inference) {}

    /** The module whose call this is, or null for a cache. */
    private final @Nullable Module<?, ?> module;

    private final @Nullable DerivedValues outer;
    private final Map<Key, Tensor> values = new HashMap<>();
    private final List<Tensor> owned = new ArrayList<>();

    private DerivedValues(@Nullable Module<?, ?> module, @Nullable DerivedValues outer) {
        this.module = module;
        this.outer = outer;
    }

    static DerivedValues ofCall(Module<?, ?> module) {
        DerivedValues values = new DerivedValues(module, INNERMOST.get());
        INNERMOST.set(values);
        return values;
    }

    /** Returns a cache for the current thread; within another cache, that cache. */
    static Derivations.Cache cache() {
        if (CACHE.get() != null) {
            return () -> {};
        }
        DerivedValues values = new DerivedValues(null, null);
        CACHE.set(values);
        return values::close;
    }

    /** Returns the object that keeps the computed value on the current thread, or null. */
    static @Nullable DerivedValues around(DerivedSource source) {
        DerivedValues cache = CACHE.get();
        // The values of a functional call must not be visible to other calls, so they are not put in the cache.
        if (cache != null && source.derivation.isParametrization() && !Substitution.isActive()) {
            return cache;
        }
        for (DerivedValues call = INNERMOST.get(); call != null; call = call.outer) {
            if (call.module == source.module) {
                return call;
            }
        }
        return null;
    }

    Tensor get(DerivedSource source) {
        Key key = new Key(source, Autograd.isGradEnabled(), Autograd.isInferenceModeEnabled());
        Tensor value = values.get(key);
        if (value == null) {
            try (TensorScope scope = new TensorScope()) {
                value = source.derivation.compute(source.module);
                if (scope.owns(value)) {
                    owned.add(value.unscoped()); // The value must outlive every scope that the forward opens.
                }
            }
            values.put(key, value);
        }
        return value;
    }

    @Override
    public void close() {
        if (module == null) {
            CACHE.remove();
        } else if (outer == null) {
            INNERMOST.remove();
        } else {
            INNERMOST.set(outer);
        }
        owned.forEach(Tensor::close);
    }
}
