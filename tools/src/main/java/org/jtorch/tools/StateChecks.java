package org.jtorch.tools;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.GlobalHooks;
import org.jtorch.nn.Module;
import org.jtorch.nn.Named;
import org.jtorch.nn.TensorTree;

/** Checks tensors outside of the registry, devices, dtypes and hooks. */
final class StateChecks {

    static final String INPUT = "(input)";

    private StateChecks() {}

    static void check(Module<?, ?> model, List<Finding> findings) {
        for (Named<Module<?, ?>> named : model.namedModules()) {
            for (Named<Tensor> stray : named.value().unregisteredTensors()) {
                if (!stray.value().isClosed()) {
                    findings.add(new Finding(
                            Trap.UNREGISTERED_TENSOR,
                            Paths.join(named.name(), stray.name()),
                            "a field of " + named.value().className() + " holds a tensor "
                                    + Arrays.toString(stray.value().shape())
                                    + " that is neither parameter nor buffer"));
                }
            }
            if (named.value().hasHooks()) {
                findings.add(new Finding(
                        Trap.HOOKS_LEFT, named.name(), named.value().className() + " has hooks that run at its calls"));
            }
        }
        if (GlobalHooks.isActive()) {
            findings.add(
                    new Finding(Trap.HOOKS_LEFT, "", "there are global hooks, which run at the calls of all modules"));
        }
        List<Named<Tensor>> tensors = state(model);
        List<String> uninitialized = tensors.stream()
                .filter(t -> t.value().isUninitialized())
                .map(Named::name)
                .toList();
        if (!uninitialized.isEmpty()) {
            findings.add(new Finding(
                    Trap.UNINITIALIZED,
                    Paths.common(uninitialized),
                    "without a shape until the first call: " + Paths.some(uninitialized)));
        }
        mixed(Trap.MIXED_DEVICES, tensors, Tensor::device, findings);
        mixed(Trap.MIXED_DTYPES, floating(tensors), Tensor::dtype, findings);
    }

    /** Checks whether the input matches most of the model. */
    static void checkInput(Module<?, ?> model, @Nullable Object input, List<Finding> findings) {
        List<Named<Tensor>> inputs = new ArrayList<>();
        TensorTree.forEach(input, tensor -> inputs.add(new Named<>(INPUT, tensor)));
        List<Named<Tensor>> tensors = state(model);
        fits(Trap.MIXED_DEVICES, inputs, tensors, Tensor::device, findings);
        fits(Trap.MIXED_DTYPES, floating(inputs), floating(tensors), Tensor::dtype, findings);
    }

    private static List<Named<Tensor>> state(Module<?, ?> model) {
        List<Named<Tensor>> tensors = new ArrayList<>();
        model.namedParameters().forEach(p -> tensors.add(new Named<>(p.name(), p.value())));
        model.namedBuffers().forEach(b -> tensors.add(new Named<>(b.name(), b.value())));
        return tensors;
    }

    private static List<Named<Tensor>> floating(List<Named<Tensor>> tensors) {
        return tensors.stream()
                .filter(t -> t.value().isFloatingPoint() || t.value().isComplex())
                .toList();
    }

    /** Adds a finding for each kind that is not the most frequent one. */
    private static void mixed(
            Trap trap, List<Named<Tensor>> tensors, Function<Tensor, Object> kind, List<Finding> findings) {
        Map<Object, List<String>> kinds = kinds(tensors, kind);
        if (kinds.size() > 1) {
            Object usual = usual(kinds);
            kinds.forEach((other, names) -> {
                if (!other.equals(usual)) {
                    findings.add(new Finding(
                            trap,
                            Paths.common(names),
                            other + ", where most of the model is " + usual + ": " + Paths.some(names)));
                }
            });
        }
    }

    private static void fits(
            Trap trap,
            List<Named<Tensor>> inputs,
            List<Named<Tensor>> tensors,
            Function<Tensor, Object> kind,
            List<Finding> findings) {
        Map<Object, List<String>> kinds = kinds(tensors, kind);
        for (Named<Tensor> input : inputs) {
            Object given = kind.apply(input.value());
            if (!kinds.isEmpty() && !given.equals(usual(kinds))) {
                findings.add(new Finding(trap, INPUT, "the input is " + given + ", the model " + usual(kinds)));
                return;
            }
        }
    }

    private static Map<Object, List<String>> kinds(List<Named<Tensor>> tensors, Function<Tensor, Object> kind) {
        Map<Object, List<String>> kinds = new LinkedHashMap<>();
        tensors.forEach(t -> kinds.computeIfAbsent(kind.apply(t.value()), k -> new ArrayList<>())
                .add(t.name()));
        return kinds;
    }

    private static Object usual(Map<Object, List<String>> kinds) {
        return kinds.entrySet().stream()
                .max(Comparator.comparingInt(e -> e.getValue().size()))
                .orElseThrow()
                .getKey();
    }
}
