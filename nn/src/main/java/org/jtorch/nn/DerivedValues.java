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
 * The derived tensors that one thread has computed: for the length of one call of their module, or of a cache that the user
 * opened. Computed at first use and then kept; a value that was computed without a graph is not taken for one with.
 */
final class DerivedValues implements AutoCloseable {

    private static final ThreadLocal<@Nullable DerivedValues> INNERMOST = new ThreadLocal<>();
    private static final ThreadLocal<@Nullable DerivedValues> CACHE = new ThreadLocal<>();

    private record Key(DerivedSource source, boolean recorded, boolean inference) {}

    /** Whose call it is, or null for a cache. */
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

    /** Returns a cache for this thread; within another one, the same. */
    static Derivations.Cache cache() {
        if (CACHE.get() != null) {
            return () -> {};
        }
        DerivedValues values = new DerivedValues(null, null);
        CACHE.set(values);
        return values::close;
    }

    /** Returns what keeps the computed value on this thread now, or null. */
    static @Nullable DerivedValues around(DerivedSource source) {
        DerivedValues cache = CACHE.get();
        // what a functional call gives must not be seen by others, so its values are its own
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
                    owned.add(value.unscoped()); // it outlives every scope that the forward may open
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
