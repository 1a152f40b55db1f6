package org.jtorch.nn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.jtorch.StandIn;
import org.jtorch.Substitution;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.internal.options.Customized;

/**
 * Calls a module with other parameters and buffers than its own: PyTorch's {@code torch.func.functional_call}.
 *
 * <pre>{@code
 * Map<String, Tensor> fast = new LinkedHashMap<>();
 * model.namedParameters().forEach(p -> fast.put(p.name(), p.value().sub(grads.get(p.name()).mul(0.1))));
 * Tensor loss = F.mseLoss(Functional.call(model, fast, x), target);       // differentiates through the step
 * }</pre>
 *
 * <p>Each tensor given takes the place of the parameter or buffer with its key during the call, and on the calling thread only.
 * The module's own members are back in place after the call, whether it returns or throws. Gradients, including second-order
 * ones, flow to the given tensors. Changes in place, such as those that batch normalization makes to its statistics, are made
 * to the given tensors. If the forward {@linkplain Buffer#set sets} or assigns a given buffer, the module's field holds its old
 * value again after the call. Several threads may therefore call one module at the same time, functionally or not. Two uses
 * replace what fields hold and must be made by one thread at a time: a key of an absent parameter ({@code bias} of a layer made
 * without one), and {@code tieWeights(false)}.
 *
 * <p>For a parametrized tensor, the key of the tensor replaces the computed value, and {@code parametrizations.weight.original}
 * replaces the tensor from which it is computed.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.func.functional_call.html">torch.func.functional_call</a>
 */
public final class Functional {

    /** The optional arguments of {@link #call(Module, Map, Object, Consumer)}. */
    public static final class Options {
        private boolean tieWeights = true;
        private boolean strict;

        private Options() {}

        /**
         * Sets whether a tensor that the module holds under several names is replaced under all of them; the default is
         * {@code true}.
         */
        public Options tieWeights(boolean newTieWeights) {
            tieWeights = newTieWeights;
            return this;
        }

        /** Sets whether exactly the module's parameters and buffers must be given; the default is {@code false}. */
        public Options strict(boolean newStrict) {
            strict = newStrict;
            return this;
        }
    }

    private Functional() {}

    /** Calls {@code module} with other parameters and buffers, with the default options. */
    public static <I extends @Nullable Object, O extends @Nullable Object> O call(
            Module<I, O> module, Map<String, ? extends @Nullable Tensor> parametersAndBuffers, I input) {
        return call(module, parametersAndBuffers, input, o -> {});
    }

    /**
     * Calls {@code module} with the parameters and buffers of several maps, with the default options.
     *
     * @throws IllegalArgumentException if a key is in more than one map
     */
    public static <I extends @Nullable Object, O extends @Nullable Object> O call(
            Module<I, O> module,
            List<? extends Map<String, ? extends @Nullable Tensor>> parametersAndBuffers,
            I input) {
        return call(module, parametersAndBuffers, input, o -> {});
    }

    /**
     * Calls {@code module} with the parameters and buffers of several maps.
     *
     * @throws IllegalArgumentException if a key is in more than one map
     */
    public static <I extends @Nullable Object, O extends @Nullable Object> O call(
            Module<I, O> module,
            List<? extends Map<String, ? extends @Nullable Tensor>> parametersAndBuffers,
            I input,
            Consumer<Options> options) {
        Map<String, @Nullable Tensor> all = new LinkedHashMap<>();
        Set<String> repeated = new LinkedHashSet<>();
        for (Map<String, ? extends @Nullable Tensor> map : parametersAndBuffers) {
            map.forEach((key, tensor) -> {
                if (all.containsKey(key)) {
                    repeated.add(key);
                }
                all.put(key, tensor);
            });
        }
        if (!repeated.isEmpty()) {
            throw new IllegalArgumentException("[" + quoted(repeated)
                    + "] appeared in multiple dictionaries; behavior of functional call is ambiguous");
        }
        return call(module, all, input, options);
    }

    /**
     * Calls {@code module} with the given tensors in place of its own parameters and buffers.
     *
     * @param parametersAndBuffers the tensors by dotted key, null for an absent one. A key that names no parameter or buffer is
     *     ignored
     * @param input the input of the module
     * @param options sets the optional arguments
     * @return the output of the module
     * @throws IllegalArgumentException if the module of a key does not exist, or if different tensors are given for tied
     *     weights
     * @throws TorchException if {@code strict} is true and keys are missing or unexpected
     */
    public static <I extends @Nullable Object, O extends @Nullable Object> O call(
            Module<I, O> module,
            Map<String, ? extends @Nullable Tensor> parametersAndBuffers,
            I input,
            Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
        Places places = new Places(module);
        Map<String, @Nullable Tensor> given = new LinkedHashMap<>(parametersAndBuffers);
        if (o.tieWeights) {
            places.checkTied(parametersAndBuffers);
            places.completeTied(given);
        }
        if (o.strict) {
            places.checkKeys(module, given.keySet());
        }
        Map<Tensor, Tensor> substitutes = new IdentityHashMap<>();
        List<Replaced> replaced = new ArrayList<>();
        try {
            for (Map.Entry<String, @Nullable Tensor> entry : given.entrySet()) {
                String key = entry.getKey();
                int dot = key.lastIndexOf('.');
                Registry owner =
                        owner(module, dot < 0 ? "" : key.substring(0, dot)).registry();
                String name = key.substring(dot + 1);
                if (!owner.hasTensor(name)) {
                    continue;
                }
                Tensor own = owner.tensor(name);
                Tensor value = entry.getValue();
                replaced.add(new Replaced(owner, name, own));
                if (value == null) {
                    owner.setTensor(name, null);
                } else if (own != null && (o.tieWeights || places.names(own).size() == 1)) {
                    substitutes.put(own, value);
                } else {
                    Tensor place = owner.isBuffer(name) ? new Buffer(value) : new Parameter(value, false);
                    owner.setTensor(name, place);
                    substitutes.put(place, value);
                }
            }
            try (Substitution substitution = new Substitution(substitutes)) {
                // If the module returns a parameter, the caller receives the tensor given for it, even after the call.
                return TensorTree.map(module.call(input), Functional::given);
            }
        } finally {
            Collections.reverse(replaced);
            replaced.forEach(Replaced::restore);
        }
    }

    private static Tensor given(Tensor output) {
        Tensor given = Substitution.of(output);
        return given == null ? output : StandIn.alias(given);
    }

    /** What had a key before the call, which the forward may have assigned. */
    private record Replaced(
            Registry owner, String name, @Nullable Tensor before) {
        void restore() {
            if (owner.tensor(name) != before) {
                owner.setTensor(name, before);
            }
        }
    }

    private static Module<?, ?> owner(Module<?, ?> root, String path) {
        Module<?, ?> module = root;
        if (!path.isEmpty()) {
            for (String step : path.split("\\.", -1)) {
                Module<?, ?>[] found = new Module<?, ?>[1];
                module.visitChildren((key, child) -> {
                    if (key.equals(step)) {
                        found[0] = child;
                    }
                });
                if (found[0] == null) {
                    throw new IllegalArgumentException(module.className() + " has no attribute `" + step + "`");
                }
                module = found[0];
            }
        }
        return module;
    }

    private static String quoted(Iterable<String> keys) {
        List<String> quoted = new ArrayList<>();
        keys.forEach(key -> quoted.add("'" + key + "'"));
        return String.join(", ", quoted);
    }

    /** All parameters and buffers with all of their names. */
    private static final class Places {
        private final Map<String, Tensor> byName = new LinkedHashMap<>();
        private final Map<Tensor, Set<String>> names = new IdentityHashMap<>();

        Places(Module<?, ?> root) {
            visit("", root, (name, tensor) -> {
                byName.put(name, tensor);
                names.computeIfAbsent(tensor, t -> new TreeSet<>()).add(name);
            });
        }

        private static void visit(String prefix, Module<?, ?> module, BiConsumer<String, Tensor> visitor) {
            module.registry().forEachParameter((key, parameter) -> visitor.accept(prefix + key, parameter));
            module.registry().forEachBuffer((key, buffer) -> visitor.accept(prefix + key, buffer));
            module.visitChildren((key, child) -> visit(prefix + key + ".", child, visitor));
        }

        Set<String> names(Tensor tensor) {
            return names.getOrDefault(tensor, Set.of(""));
        }

        void checkTied(Map<String, ? extends @Nullable Tensor> given) {
            names.values().forEach(tied -> {
                Set<@Nullable Object> values = Collections.newSetFromMap(new IdentityHashMap<>());
                tied.stream().filter(given::containsKey).forEach(name -> values.add(given.get(name)));
                if (values.size() > 1) {
                    throw new IllegalArgumentException("functional_call got multiple values for keys [" + quoted(tied)
                            + "], which are tied. Consider using tie_weights=False");
                }
            });
        }

        /** Adds tied tensors under all of their names. */
        void completeTied(Map<String, @Nullable Tensor> given) {
            for (String name : List.copyOf(given.keySet())) {
                Tensor own = byName.get(name);
                if (own != null) {
                    names(own).forEach(tied -> given.put(tied, given.get(name)));
                }
            }
        }

        void checkKeys(Module<?, ?> module, Set<String> given) {
            Set<String> unexpected = new TreeSet<>(given);
            unexpected.removeAll(byName.keySet());
            Set<String> missing = new TreeSet<>(byName.keySet());
            missing.removeAll(given);
            List<String> errors = new ArrayList<>();
            if (!unexpected.isEmpty()) {
                errors.add("Unexpected key(s): " + quoted(unexpected) + ".");
            }
            if (!missing.isEmpty()) {
                errors.add("Missing key(s): " + quoted(missing) + ".");
            }
            if (!errors.isEmpty()) {
                throw new TorchException("Error(s) in reparametrizing for " + module.className() + ":\n\t"
                        + errors.stream().collect(Collectors.joining("\n\t")));
            }
        }
    }
}
