package org.jtorch.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.nn.Parameter;
import org.jtorch.optim.options.OptimizerOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What optimizers refuse, with PyTorch's messages, and that nothing is changed then. */
class RefusalsTest {

    private final Parameter a = new Parameter(Torch.ones(2, 3));
    private final Parameter b = new Parameter(Torch.ones(3, 2));

    private Optimizer<?> create(String name, Consumer<OptimizerOptions<?>> options) {
        return RecordedRuns.create(name, options, List.of(Params.of(List.of(a, b))));
    }

    private void gradients(String name) {
        for (Parameter p : List.of(a, b)) {
            Tensor ones = Torch.ones(p.shape());
            p.setGrad(name.equals("SparseAdam") ? ones.toSparse() : ones);
        }
    }

    private static Tensor closure(Optimizer<?> optimizer, Tensor... parameters) {
        optimizer.zeroGrad();
        Tensor loss = Torch.zeros();
        for (Tensor p : parameters) {
            loss = loss.add(p.square().sum());
        }
        loss.backward();
        return loss;
    }

    private void step(String name, Optimizer<?> optimizer) {
        if (name.equals("LBFGS")) {
            optimizer.step(() -> closure(optimizer, a, b));
        } else {
            gradients(name);
            optimizer.step();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Adadelta   | lr                        | -1  | Invalid learning rate: -1.0
            Adadelta   | rho                       | 1.1 | Invalid rho value: 1.1
            Adadelta   | eps                       | -1  | Invalid epsilon value: -1.0
            Adadelta   | weight_decay              | -1  | Invalid weight_decay value: -1.0
            Adafactor  | lr                        | -1  | Learning rate should be >= 0 but is: -1.0
            Adafactor  | beta2_decay               | 0.5 | beta2_decay should be <= 0 but is: 0.5
            Adafactor  | d                         | 0.5 | Clipping threshold d should be >= 1 but is: 0.5
            Adafactor  | weight_decay              | -1  | weight_decay should be >= 0 but is: -1.0
            Adagrad    | lr_decay                  | -1  | Invalid lr_decay value: -1.0
            Adagrad    | initial_accumulator_value | -1  | Invalid initial_accumulator_value value: -1.0
            Adagrad    | eps                       | -1  | Invalid epsilon value: -1.0
            SparseAdam | lr                        | 0   | Invalid learning rate: 0.0
            SparseAdam | eps                       | 0   | Invalid epsilon value: 0.0
            Adamax     | eps                       | -1  | Invalid epsilon value: -1.0
            ASGD       | lr                        | -1  | Invalid learning rate: -1.0
            ASGD       | weight_decay              | -1  | Invalid weight_decay value: -1.0
            LBFGS      | lr                        | -1  | Invalid learning rate: -1.0
            LBFGS      | history_size              | 0   | history_size should be >= 1 but is: 0.0
            Muon       | lr                        | -1  | Learning rate should be >= 0 but is: -1.0
            Muon       | momentum                  | -1  | momentum should be >= 0 but is: -1.0
            Muon       | weight_decay              | -1  | weight decay should be >= 0 but is: -1.0
            Muon       | ns_steps                  | 100 | Number of steps must be less than 100 for computational efficiency: 100.0
            NAdam      | momentum_decay            | -1  | Invalid momentum_decay value: -1.0
            RAdam      | eps                       | NaN | Invalid epsilon value: nan
            RMSprop    | alpha                     | -1  | Invalid alpha value: -1.0
            RMSprop    | momentum                  | -1  | Invalid momentum value: -1.0
            Rprop      | lr                        | NaN | Invalid learning rate: nan
            """)
    void badNumbers(String name, String option, double value, String message) {
        assertMessage(message, () -> create(name, o -> o.set(option, value)));
    }

    @Test
    void badPairsAndTexts() {
        for (String name : List.of("SparseAdam", "Adamax", "NAdam", "RAdam")) {
            assertMessage(
                    "Invalid beta parameter at index 0: 1.0",
                    () -> create(name, o -> o.set("betas", new double[] {1, 0.9})));
            assertMessage(
                    "Invalid beta parameter at index 1: -0.1",
                    () -> create(name, o -> o.set("betas", new double[] {0.9, -0.1})));
        }
        assertMessage("epsilon1 should be >= 0 but is: -1.0", () -> new Adafactor(List.of(a), o -> o.eps(-1.0, 1)));
        assertMessage("epsilon2 should be >= 0 but is: -1.0", () -> new Adafactor(List.of(a), o -> o.eps(null, -1)));
        assertMessage("Invalid eta values: 1.0, 1.2", () -> new Rprop(List.of(a), o -> o.etas(1, 1.2)));
        assertMessage("Invalid eta values: 0.5, 1.0", () -> new Rprop(List.of(a), o -> o.etas(0.5, 1)));
        assertMessage(
                "Adjust learning rate function none is not supported: use one of"
                        + " [original, match_rms_adamw, spectral_unclamped]",
                () -> new Muon(List.of(a), o -> o.adjustLrFn("none")));
        assertMessage(
                "only 'strong_wolfe' is supported, but the line_search_fn is 'weak'",
                () -> new LBFGS(List.of(a), o -> o.lineSearchFn("weak")));
        assertMessage(
                "`fused` and `foreach` cannot be `True` together.",
                () -> new Adagrad(List.of(a), o -> o.fused(true).foreach(true)));
        assertMessage(
                "`fused` does not support `differentiable`",
                () -> new Adagrad(List.of(a), o -> o.fused(true).differentiable(true)));
    }

    @Test
    void parametersThatCannotBeOptimized() {
        assertMessage(
                "Muon only supports 2D parameters whereas we found a parameter with size: [3]: use another optimizer for it",
                () -> new Muon(List.of(a, new Parameter(Torch.ones(3)))));
        assertMessage(
                "Sparse params at indices [[1, 0]]: SparseAdam requires dense parameter tensors: use Adam for them",
                () -> new SparseAdam(
                        o -> {},
                        List.of(
                                Params.of(List.of(a)),
                                Params.of(List.of(new Parameter(Torch.ones(3).toSparse()))))));
        assertMessage(
                "Complex params at indices [[0, 1]]: SparseAdam does not support complex parameters: use Adam for them",
                () -> new SparseAdam(List.of(a, complex())));
        assertMessage(
                "LBFGS doesn't support per-parameter options (parameter groups)",
                () -> new LBFGS(o -> {}, List.of(Params.of(List.of(a)), Params.of(List.of(b)))));
        LBFGS lbfgs = new LBFGS(List.of(a));
        assertMessage(
                "LBFGS doesn't support per-parameter options (parameter groups)",
                () -> lbfgs.addParamGroup(List.of(b)));
        assertMessage(
                "LBFGS computes the loss several times in each step: call step with a closure that does so",
                lbfgs::step);
    }

    private static Parameter complex() {
        return new Parameter(Torch.complex(Torch.ones(2, 2), Torch.ones(2, 2)));
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
                "Muon",
                "NAdam",
                "RAdam",
                "RMSprop",
                "Rprop"
            })
    void aGradientThatIsNotSupportedChangesNothing(String name) {
        Optimizer<?> optimizer = create(name, o -> o.set(name.equals("Adagrad") ? "weight_decay" : "lr", 0.1));
        String before = String.valueOf(optimizer.stateDict());
        gradients(name);
        b.setGrad(
                name.equals("SparseAdam") ? Torch.ones(3, 2) : Torch.ones(3, 2).toSparse());
        TorchException e = assertThrows(TorchException.class, optimizer::step);
        String expected =
                switch (name) {
                    case "SparseAdam" -> "SparseAdam does not support dense gradients, please consider Adam instead";
                    case "Adagrad" -> "weight_decay option is not compatible with sparse gradients";
                    default -> name + " does not support sparse gradients";
                };
        assertTrue(e.getMessage().startsWith(expected), e.getMessage());
        assertArrayEquals(new double[] {1, 1, 1, 1, 1, 1}, RecordedRuns.elements(a));
        assertEquals(before, String.valueOf(optimizer.stateDict()));
    }

    @Test
    void complexParametersThatAreNotSupportedChangeNothing() {
        Parameter c = complex();
        for (Optimizer<?> optimizer : List.of(new Adafactor(List.of(a, c)), new Muon(List.of(a, c)))) {
            a.setGrad(Torch.ones(2, 3));
            c.setGrad(c.detach().clone());
            TorchException e = assertThrows(TorchException.class, optimizer::step);
            assertTrue(
                    e.getMessage().startsWith(optimizer.name() + " does not support complex parameters"),
                    e.getMessage());
            assertArrayEquals(new double[] {1, 1, 1, 1, 1, 1}, RecordedRuns.elements(a));
        }
    }

    // --- loading -----------------------------------------------------------------------------------------------

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
                "Rprop"
            })
    void aStateThatDoesNotFitIsRefused(String name) {
        Optimizer<?> optimizer = create(name, o -> {});
        step(name, optimizer);
        step(name, optimizer);
        Map<?, ?> first = entries(optimizer.stateDict(), 0);
        for (Object key : first.keySet()) {
            refuse(name, optimizer, key, value -> value instanceof Tensor ? Torch.ones(7, 7) : "text");
            if (!key.equals("al")) {
                refuse(name, optimizer, key, value -> null);
            }
            if (first.get(key) instanceof Tensor tensor && tensor.dim() > 0) {
                refuse(name, optimizer, key, value -> Torch.complex(tensor, tensor));
            }
            if (first.get(key) instanceof List<?> list && !list.isEmpty() && !key.equals("al")) {
                refuse(name, optimizer, key, value -> List.of(Torch.ones(7), Torch.ones(2)));
                refuse(name, optimizer, key, value -> List.of());
            }
        }
    }

    private void refuse(String name, Optimizer<?> optimizer, Object key, UnaryOperator<@Nullable Object> change) {
        if (key.equals("al")) {
            return; // only written by PyTorch, and by us
        }
        Map<String, Object> dict = optimizer.stateDict();
        Map<Object, @Nullable Object> wrong = new LinkedHashMap<>(entries(dict, 0));
        wrong.put(key, change.apply(wrong.get(key)));
        Map<Object, Object> states = new LinkedHashMap<>((Map<?, ?>) Objects.requireNonNull(dict.get("state")));
        states.put(0L, wrong);
        Map<String, Object> whole = new LinkedHashMap<>(dict);
        whole.put("state", states);
        Optimizer<?> next = create(name, o -> o.set("lr", 0.25));
        String before = String.valueOf(next.stateDict());
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> next.loadStateDict(whole), () -> name + " " + key + " " + wrong);
        assertTrue(e.getMessage().contains("'" + key + "'"), e.getMessage());
        assertEquals(before, String.valueOf(next.stateDict()));
        assertEquals(0.25, next.groups().get(0).options().lr());
    }

    private static Map<?, ?> entries(Map<String, Object> dict, long index) {
        return (Map<?, ?>) Objects.requireNonNull(((Map<?, ?>) Objects.requireNonNull(dict.get("state"))).get(index));
    }

    /** PyTorch once kept the count of steps as an int, and had fewer options. */
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
                "NAdam",
                "RAdam",
                "RMSprop",
                "Rprop"
            })
    void oldFilesAreLoaded(String name) {
        Optimizer<?> optimizer = create(name, o -> o.set("lr", 0.125));
        step(name, optimizer);
        step(name, optimizer);
        Map<String, Object> dict = new LinkedHashMap<>(optimizer.stateDict());
        Map<Object, Object> states = new LinkedHashMap<>();
        ((Map<?, ?>) Objects.requireNonNull(dict.get("state"))).forEach((index, values) -> {
            Map<Object, Object> old = new LinkedHashMap<>((Map<?, ?>) values);
            old.put("step", 2L);
            for (String key : List.of("eta", "mu", "mu_product")) {
                old.computeIfPresent(key, (k, value) -> ((Tensor) value).item());
            }
            states.put(index, old);
        });
        dict.put("state", states);
        List<Object> groups = new ArrayList<>();
        for (Object group : (List<?>) Objects.requireNonNull(dict.get("param_groups"))) {
            Map<Object, Object> old = new LinkedHashMap<>((Map<?, ?>) group);
            old.keySet()
                    .removeAll(List.of(
                            "foreach", "maximize", "capturable", "differentiable", "fused", "decoupled_weight_decay"));
            groups.add(old);
        }
        dict.put("param_groups", groups);
        Parameter c = new Parameter(a.detach().clone());
        Parameter d = new Parameter(b.detach().clone());
        Optimizer<?> next = RecordedRuns.create(name, o -> {}, List.of(Params.of(List.of(c, d))));
        next.loadStateDict(dict);
        assertEquals(0.125, next.groups().get(0).options().lr());
        step(name, optimizer);
        c.setGrad(a.grad());
        d.setGrad(b.grad());
        next.step();
        assertArrayEquals(RecordedRuns.elements(a), RecordedRuns.elements(c));
        assertArrayEquals(RecordedRuns.elements(b), RecordedRuns.elements(d));
        assertEquals(String.valueOf(entries(optimizer.stateDict(), 0)), String.valueOf(entries(next.stateDict(), 0)));
    }

    private static void assertMessage(String message, org.junit.jupiter.api.function.Executable body) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, body).getMessage());
    }
}
