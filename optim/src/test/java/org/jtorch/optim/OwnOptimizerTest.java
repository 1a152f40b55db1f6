package org.jtorch.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.linear.Linear;
import org.jtorch.optim.options.OptimizerOptions;
import org.jtorch.optim.options.WeightDecay;
import org.jtorch.serialize.Checkpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the base class gives to an optimizer that is written outside of this project. */
class OwnOptimizerTest {

    /** Gradient descent with a running average, a count of steps and a value for each row. */
    static final class Averaging extends Optimizer<Averaging.Options> {

        static final class Options extends OptimizerOptions<Options> implements WeightDecay<Options> {
            Options() {
                super(0.5);
                declareWeightDecay(0);
                declareFlag("slow", false);
            }
        }

        private final List<String> calls = new ArrayList<>();

        Averaging(Consumer<Options> options, List<Params<Options>> groups) {
            super(Options::new, options, groups);
        }

        @Override
        protected void initialize(State state, Tensor parameter, Options o) {
            state.number("step", 0);
            state.zerosLike("average");
            state.tensor("rows", Torch.zeros(parameter.size(0)));
        }

        @Override
        protected void update(Slot slot, Options o) {
            calls.add(slot.name());
            State state = slot.state();
            state.set("step", state.number("step") + 1);
            slot.parameter().sub_(state.tensor("average").mul_(0.5).add_(slot.grad()), o.lr());
            state.tensor("rows").add_(1);
        }
    }

    private final Parameter a = new Parameter(Torch.ones(2, 3));
    private final Parameter b = new Parameter(Torch.ones(4));

    private Averaging averaging() {
        return new Averaging(o -> {}, List.of(Params.of(List.of(a)), Params.of(List.of(b), o -> o.lr(0.25))));
    }

    private void gradients() {
        a.setGrad(Torch.ones(2, 3));
        b.setGrad(Torch.ones(4));
    }

    @Test
    void changesParametersWithStateAndGroups() {
        Averaging optimizer = averaging();
        gradients();
        optimizer.step();
        optimizer.step();
        assertEquals(1 - 0.5 - 0.75, a.min().item(), 1e-6);
        assertEquals(1 - 0.25 - 0.375, b.min().item(), 1e-6);
        assertEquals(2, optimizer.state(a).number("step"));
        assertEquals(2, optimizer.state(b).tensor("rows").min().item());
        assertEquals(
                List.of(
                        "parameter 0 of group 0",
                        "parameter 0 of group 1",
                        "parameter 0 of group 0",
                        "parameter 0 of group 1"),
                optimizer.calls);
    }

    @Test
    void parametersWithoutGradientsAreLeftAlone() {
        Averaging optimizer = averaging();
        a.setGrad(Torch.ones(2, 3));
        optimizer.step();
        assertEquals(1, b.min().item());
        assertFalse(optimizer.state(b).has("average"));
    }

    @Test
    void aSparseGradientIsRefusedBeforeAnythingChanges() {
        Averaging optimizer = averaging();
        a.setGrad(Torch.ones(2, 3));
        b.setGrad(Torch.ones(4).toSparse());
        TorchException e = assertThrows(TorchException.class, optimizer::step);
        assertTrue(e.getMessage().startsWith("Averaging does not support sparse gradients"), e.getMessage());
        assertEquals(1, a.min().item());
        assertEquals(Map.of(), optimizer.stateDict().get("state"));
    }

    @Test
    void theStateGoesThroughAFile(@TempDir Path folder) {
        Averaging optimizer = averaging();
        gradients();
        optimizer.step();
        Path file = folder.resolve("run.pt");
        Checkpoint.save(file, Map.of("optimizer", optimizer.stateDict()));

        Parameter c = new Parameter(Torch.full(new long[] {2, 3}, 0.5));
        Parameter d = new Parameter(Torch.full(new long[] {4}, 0.75));
        Averaging next = new Averaging(o -> o.lr(9), List.of(Params.of(List.of(c)), Params.of(List.of(d))));
        next.loadStateDict(Checkpoint.load(file).optimizerState("optimizer"));
        assertEquals(0.25, next.groups().get(1).options().lr());
        assertEquals(1, next.state(c).number("step"));
        assertNotSame(optimizer.state(a).tensor("average"), next.state(c).tensor("average"));
        gradients();
        c.setGrad(Torch.ones(2, 3));
        d.setGrad(Torch.ones(4));
        optimizer.step();
        next.step();
        assertArrayEquals(a.toDoubleArray(), c.toDoubleArray());
        assertArrayEquals(b.toDoubleArray(), d.toDoubleArray());
    }

    @Test
    void aStateThatDoesNotFitIsRefusedWhole() {
        Averaging source = averaging();
        gradients();
        source.step();
        for (Map.Entry<String, Object> wrong : Map.of(
                        "average", (Object) Torch.ones(3), "rows", Torch.ones(7), "step", "two", "lr", -1.0, "slow", 3)
                .entrySet()) {
            Map<String, Object> dict = source.stateDict();
            Map<?, ?> states = (Map<?, ?>) dict.get("state");
            @SuppressWarnings("unchecked")
            Map<Object, Object> second = (Map<Object, Object>) states.get(1L);
            @SuppressWarnings("unchecked")
            Map<Object, Object> group = (Map<Object, Object>) ((List<?>) dict.get("param_groups")).get(1);
            (second.containsKey(wrong.getKey()) ? second : group).put(wrong.getKey(), wrong.getValue());
            Averaging next = new Averaging(o -> o.lr(9), List.of(Params.of(List.of(a)), Params.of(List.of(b))));
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> next.loadStateDict(dict), wrong.getKey());
            assertTrue(
                    e.getMessage().contains(wrong.getKey()) || e.getMessage().contains("learning rate"),
                    e.getMessage());
            assertEquals(9, next.groups().get(0).options().lr());
            assertEquals(Map.of(), next.stateDict().get("state"));
        }
    }

    /** A file of an older PyTorch lacks options that are newer; it may also have entries of a scheduler. */
    @Test
    void missingOptionsGetTheirDefaultsAndOtherEntriesStay() {
        Map<String, Object> group = new LinkedHashMap<>();
        group.put("lr", 0.125);
        group.put("params", List.of(0L, 1L));
        Averaging optimizer = new Averaging(o -> o.weightDecay(3).set("slow", true), List.of(Params.of(List.of(a, b))));
        assertMessage(
                "group 0 of an optimizer's state has no 'weight_decay': load the state of an optimizer of the same class",
                () -> optimizer.loadStateDict(Map.of("state", Map.of(), "param_groups", List.of(group))));
        group.put("weight_decay", 0.0);
        group.put("initial_lr", 1.0);
        optimizer.loadStateDict(Map.of("state", Map.of(), "param_groups", List.of(group)));
        assertEquals(0.125, optimizer.groups().get(0).options().lr());
        assertEquals(0, optimizer.groups().get(0).options().weightDecay());
        assertFalse(optimizer.groups().get(0).options().flag("slow"));
        assertEquals(1.0, optimizer.groups().get(0).extras().get("initial_lr"));
        Map<?, ?> written = (Map<?, ?>) ((List<?>) optimizer.stateDict().get("param_groups")).get(0);
        assertEquals(List.of("lr", "weight_decay", "slow", "initial_lr", "params"), new ArrayList<>(written.keySet()));
    }

    @Test
    void groupsAreAdded() {
        Averaging optimizer = new Averaging(o -> o.lr(2), List.of(Params.of(List.of(a))));
        optimizer.addParamGroup(List.of(b), o -> o.weightDecay(1));
        assertEquals(2, optimizer.groups().get(1).options().lr());
        assertEquals(1, optimizer.groups().get(1).options().weightDecay());
        assertEquals(0, optimizer.groups().get(0).options().weightDecay());
        assertMessage(
                "some parameters appear in more than one parameter group", () -> optimizer.addParamGroup(List.of(a)));
        assertMessage(
                "all optimizer param groups should be with/without names. cannot add param group with names to the optimizer",
                () -> optimizer.addParamGroup(Params.named(new Linear(1, 1).namedParameters())));
        assertMessage(
                "Invalid weight_decay value: -1.0",
                () -> optimizer.addParamGroup(new Linear(1, 1).parameters(), o -> o.weightDecay(-1)));
        assertEquals(2, optimizer.groups().size());
    }

    @Test
    void namesAreKeptAsInPython() {
        Linear layer = new Linear(2, 2);
        Averaging optimizer = new Averaging(o -> {}, List.of(Params.named(layer.namedParameters())));
        Map<?, ?> group = (Map<?, ?>) ((List<?>) optimizer.stateDict().get("param_groups")).get(0);
        assertEquals(List.of("weight", "bias"), group.get("param_names"));
        assertEquals("param_names", group.keySet().iterator().next());

        Map<String, Object> renamed = optimizer.stateDict();
        @SuppressWarnings("unchecked")
        Map<String, Object> entries = (Map<String, Object>) ((List<?>) renamed.get("param_groups")).get(0);
        entries.put("param_names", List.of("w", "b"));
        optimizer.loadStateDict(renamed);
        assertEquals(List.of("w", "b"), optimizer.groups().get(0).names());
        entries.remove("param_names");
        optimizer.loadStateDict(renamed);
        assertEquals(List.of("w", "b"), optimizer.groups().get(0).names());
        entries.put("param_names", List.of("w"));
        assertThrows(IllegalArgumentException.class, () -> optimizer.loadStateDict(renamed));
    }

    @Test
    void hooksAreCalledInOrder() {
        Averaging optimizer = averaging();
        List<String> order = new ArrayList<>();
        var pre =
                optimizer.registerStepPreHook(o -> order.add("pre " + o.groups().size()));
        optimizer.registerStepPostHook(o -> order.add("post"));
        optimizer.registerStateDictPreHook(o -> order.add("stateDict"));
        optimizer.registerStateDictPostHook(dict -> {
            dict.put("mine", 1L);
            return dict;
        });
        optimizer.registerLoadStateDictPreHook(dict -> {
            order.add("load " + dict.remove("mine"));
            return dict;
        });
        optimizer.registerLoadStateDictPostHook(o -> order.add("loaded"));
        gradients();
        optimizer.step();
        pre.remove();
        optimizer.step();
        Map<String, Object> dict = optimizer.stateDict();
        optimizer.loadStateDict(dict);
        assertEquals(List.of("pre 2", "post", "post", "stateDict", "load 1", "loaded"), order);
        assertEquals(1L, dict.get("mine"));
    }

    @Test
    void aClosureComputesTheLossWithGradients() {
        Averaging optimizer = new Averaging(o -> o.lr(0.1), List.of(Params.of(List.of(a))));
        Tensor loss = Autograd.noGrad(() -> optimizer.step(() -> {
            optimizer.zeroGrad();
            Tensor sum = a.sum();
            sum.backward();
            return sum;
        }));
        assertEquals(6, loss.item());
        assertEquals(0.9, a.min().item(), 1e-6);
        assertNull(optimizer.step(null));
    }

    @Test
    void gradientsBecomeZeroOrNothing() {
        Averaging optimizer = averaging();
        gradients();
        Tensor grad = Objects.requireNonNull(a.grad());
        optimizer.zeroGrad(false);
        assertEquals(0, grad.abs().max().item());
        assertEquals(0, Objects.requireNonNull(a.grad()).abs().max().item());
        optimizer.zeroGrad();
        assertNull(a.grad());
    }

    @Test
    void unknownOptionsAreRefusedByName() {
        Averaging optimizer = averaging();
        assertMessage(
                "there is no option 'weight_dekay', but [lr, weight_decay, slow]: did you mean 'weight_decay'?",
                () -> optimizer.groups().get(0).options().set("weight_dekay", 1));
        assertMessage(
                "the option 'slow' must be true or false, not 1.0 (Double)",
                () -> optimizer.groups().get(0).options().set("slow", 1.0));
    }

    /** In Python, the number of steps is a tensor. */
    @Test
    void anEntryOfAnotherKindIsNamedWithTheMethodThatReadsIt() {
        Averaging optimizer = averaging();
        gradients();
        optimizer.step();
        State state = optimizer.state(a);
        assertState(
                "'step' of the optimizer's state is not a tensor: read it with number(\"step\")",
                () -> state.tensor("step"));
        assertState(
                "'average' of the optimizer's state is not a number: read it with tensor(\"average\")",
                () -> state.number("average"));
        assertState(
                "the optimizer's state has no tensor 'other', but [step, average, rows]: add it in initialize",
                () -> state.tensor("other"));
    }

    @Test
    void printsAsInPython() {
        SGD sgd = new SGD(o -> o.lr(0.1), List.of(Params.of(List.of(a))));
        assertEquals("""
                SGD (
                Parameter Group 0
                    dampening: 0.0
                    differentiable: False
                    foreach: None
                    fused: None
                    lr: 0.1
                    maximize: False
                    momentum: 0.0
                    nesterov: False
                    weight_decay: 0.0
                )""", sgd.toString());
    }

    /** With the option differentiable, the gradient of a loss after two steps reaches the first value. */
    @Test
    void gradientsFlowThroughDifferentiableSteps() {
        Tensor start = Torch.tensor(new double[] {1, 2}).requiresGrad_();
        Tensor p = start.clone();
        SGD sgd = new SGD(List.of(p), o -> o.lr(0.1).momentum(0.9).differentiable(true));
        p.setGrad(p.detach().clone());
        sgd.step();
        p.sum().backward();
        assertArrayEquals(
                new double[] {1, 1}, Objects.requireNonNull(start.grad()).toDoubleArray(), 1e-12);
        assertThrows(
                IllegalArgumentException.class,
                () -> new SGD(List.of(p), o -> o.fused(true).differentiable(true)));
    }

    private static void assertState(String message, org.junit.jupiter.api.function.Executable body) {
        assertEquals(message, assertThrows(IllegalStateException.class, body).getMessage());
    }

    private static void assertMessage(String message, org.junit.jupiter.api.function.Executable body) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, body).getMessage());
    }
}
