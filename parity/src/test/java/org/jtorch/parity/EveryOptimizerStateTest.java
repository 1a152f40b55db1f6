package org.jtorch.parity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.nn.Named;
import org.jtorch.nn.Parameter;
import org.jtorch.optim.Optimizer;
import org.jtorch.optim.Params;
import org.jtorch.optim.options.OptimizerOptions;
import org.jtorch.serialize.Checkpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every optimizer goes on from a state that PyTorch saved, and gives PyTorch a state to go on from, with two groups of named
 * parameters. {@code parity/record/optimizer_state.py} recorded the first, and checks the second:
 * {@code python3 optimizer_state.py check parity/target/optimizers/all.pt}.
 */
class EveryOptimizerStateTest {

    private static Map<?, ?> recorded() throws IOException {
        try (InputStream file = EveryOptimizerStateTest.class.getResourceAsStream("/optimizers/all.pt")) {
            return (Map<?, ?>) Objects.requireNonNull(
                    Checkpoint.load(Objects.requireNonNull(file)).root());
        }
    }

    private static List<Parameter> parameters() {
        TensorOptions doubles = TensorOptions.of(DType.FLOAT64);
        return List.of(
                new Parameter(Torch.arange(0, 12, 1, doubles).mul(0.25).sub(1).view(3, 4)),
                new Parameter(Torch.arange(0, 8, 1, doubles).mul(0.25).sub(0.75).view(4, 2)));
    }

    /** Creates an optimizer with the options of saved groups; null for the defaults, which the groups' must replace. */
    private static Optimizer<?> optimizer(String name, List<Parameter> p, List<?> groups, boolean options) {
        List<Params<OptimizerOptions<?>>> params = new ArrayList<>();
        List<Named<Parameter>> all = List.of(new Named<>("a", p.get(0)), new Named<>("b", p.get(1)));
        for (int i = 0; i < groups.size(); i++) {
            Map<?, ?> group = (Map<?, ?>) groups.get(i);
            Consumer<OptimizerOptions<?>> set = o -> group.forEach((key, value) -> {
                if (options && o.has((String) key)) {
                    o.set((String) key, value);
                }
            });
            params.add(Params.named(groups.size() == 1 ? all : List.of(all.get(i)), set));
        }
        Map<?, ?> first = (Map<?, ?>) groups.get(0);
        Consumer<OptimizerOptions<?>> shared = o -> {
            if (options && o.has("initial_accumulator_value")) {
                o.set("initial_accumulator_value", first.get("initial_accumulator_value"));
            }
        };
        try {
            return (Optimizer<?>) Class.forName("org.jtorch.optim." + name)
                    .getConstructor(Consumer.class, List.class)
                    .newInstance(shared, params);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(name, e);
        }
    }

    private static void advance(String name, List<Parameter> p, Optimizer<?> optimizer, int first, int count) {
        for (int step = first; step < first + count; step++) {
            if (name.equals("LBFGS")) {
                optimizer.step(() -> {
                    optimizer.zeroGrad();
                    Tensor loss = loss(p.get(0)).add(loss(p.get(1)));
                    loss.backward();
                    return loss;
                });
                continue;
            }
            for (int k = 0; k < p.size(); k++) {
                Tensor g = Torch.arange(0, p.get(k).numel(), 1, TensorOptions.of(DType.FLOAT64))
                        .mul(1.7)
                        .add(step * 0.9)
                        .add(k)
                        .sin()
                        .reshape(p.get(k).shape());
                p.get(k).setGrad(name.equals("SparseAdam") ? g.toSparse() : g);
            }
            optimizer.step();
        }
    }

    private static Tensor loss(Tensor p) {
        return p.sub(1).square().sum().add(p.pow(4).sum().mul(0.1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Adadelta",
                "Adafactor",
                "Adagrad",
                "Adam",
                "AdamW",
                "SparseAdam",
                "Adamax",
                "ASGD",
                "LBFGS",
                "Muon",
                "NAdam",
                "RAdam",
                "RMSprop",
                "Rprop",
                "SGD"
            })
    void pythonsTrainingGoesOn(String name) throws IOException {
        try (TensorScope scope = new TensorScope()) {
            Map<?, ?> saved = (Map<?, ?>) Objects.requireNonNull(recorded().get(name));
            Map<?, ?> state = (Map<?, ?>) Objects.requireNonNull(saved.get("optimizer"));
            List<?> groups = (List<?>) Objects.requireNonNull(state.get("param_groups"));
            List<Parameter> p = parameters();
            List<?> halfway = (List<?>) Objects.requireNonNull(saved.get("parameters"));
            for (int k = 0; k < 2; k++) {
                p.get(k).data().copy_((Tensor) halfway.get(k));
            }
            Optimizer<?> optimizer = optimizer(name, p, groups, false);
            optimizer.loadStateDict(state);
            assertEquals(List.of("a"), optimizer.groups().get(0).names().subList(0, 1));
            assertSameLayout(state, optimizer.stateDict());
            advance(name, p, optimizer, 5, 5);
            List<?> after = (List<?>) Objects.requireNonNull(saved.get("after"));
            for (int k = 0; k < 2; k++) {
                assertArrayEquals(
                        ((Tensor) after.get(k)).reshape(-1).toDoubleArray(),
                        p.get(k).detach().reshape(-1).toDoubleArray(),
                        1e-11);
            }
        }
    }

    private static void assertSameLayout(Map<?, ?> expected, Map<String, Object> given) {
        List<?> groups = (List<?>) Objects.requireNonNull(expected.get("param_groups"));
        for (int i = 0; i < groups.size(); i++) {
            Map<?, ?> group = (Map<?, ?>) ((List<?>) Objects.requireNonNull(given.get("param_groups"))).get(i);
            Map<?, ?> own = (Map<?, ?>) groups.get(i);
            assertEquals(own.keySet(), group.keySet());
            if (i == 0) { // the options in which another group differs come first in Python
                assertEquals(List.copyOf(own.keySet()), List.copyOf(group.keySet()));
            }
        }
        Map<?, ?> states = (Map<?, ?>) Objects.requireNonNull(given.get("state"));
        ((Map<?, ?>) Objects.requireNonNull(expected.get("state"))).forEach((number, values) -> {
            Map<?, ?> state = (Map<?, ?>) Objects.requireNonNull(states.get(number));
            Set<Object> present = new LinkedHashSet<>();
            ((Map<?, ?>) values).forEach((key, value) -> {
                if (value != null) {
                    present.add(key);
                }
            });
            assertEquals(present, state.keySet());
            ((Map<?, ?>) values).forEach((key, value) -> {
                if (value instanceof Tensor tensor && state.get(key) instanceof Tensor own) {
                    assertEquals(tensor.dtype(), own.dtype(), String.valueOf(key));
                    assertArrayEquals(tensor.shape(), own.shape(), String.valueOf(key));
                }
            });
        });
    }

    /** Writes the file that PyTorch is to go on from. */
    @Test
    void ourTrainingGoesOn() throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        Path file = Files.createDirectories(Path.of("target", "optimizers")).resolve("all.pt");
        try (TensorScope scope = new TensorScope()) {
            for (Map.Entry<?, ?> entry : recorded().entrySet()) {
                String name = (String) entry.getKey();
                Map<?, ?> state = (Map<?, ?>) Objects.requireNonNull(((Map<?, ?>) entry.getValue()).get("optimizer"));
                List<?> groups = (List<?>) Objects.requireNonNull(state.get("param_groups"));
                List<Parameter> p = parameters();
                Optimizer<?> optimizer = optimizer(name, p, groups, true);
                advance(name, p, optimizer, 0, 5);
                Checkpoint.save(file, Map.of("optimizer", optimizer.stateDict()));
                Map<String, Object> saved = new LinkedHashMap<>();
                saved.put("optimizer", Checkpoint.load(file, o -> o.mmap(false)).optimizerState("optimizer"));
                saved.put("parameters", copies(p));
                advance(name, p, optimizer, 5, 5);
                saved.put("after", copies(p));
                all.put(name, saved);
            }
            Checkpoint.save(file, all);
            assertEquals(
                    all.keySet(),
                    ((Map<?, ?>) Objects.requireNonNull(Checkpoint.load(file).root())).keySet());
        }
    }

    private static List<Tensor> copies(List<Parameter> p) {
        return p.stream().map(parameter -> parameter.detach().clone()).toList();
    }
}
