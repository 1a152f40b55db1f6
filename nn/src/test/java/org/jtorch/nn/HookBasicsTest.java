package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jtorch.RemovableHandle;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.internal.engine.Lifelines;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.linear.Linear;
import org.junit.jupiter.api.Test;

/** What Java adds to hooks. PyTorch's behaviour is tested in {@link HookScenarios}. */
class HookBasicsTest {

    @Test
    void everyScenarioIsBuilt() {
        Set<String> built = new TreeSet<>();
        for (Class<?> tests : List.of(ForwardHookScenariosTest.class, BackwardHookScenariosTest.class)) {
            for (Method method : tests.getDeclaredMethods()) {
                if (method.isAnnotationPresent(Test.class)) {
                    built.add(HookScenarios.scenario(method.getName()));
                }
            }
        }
        assertEquals(new TreeSet<>(Recording.read("hooks.txt").keySet()), built);
    }

    @Test
    void handlesAreIdempotentAndClose() {
        Linear linear = new Linear(2, 2);
        List<String> log = new ArrayList<>();
        assertFalse(linear.hasHooks());
        try (RemovableHandle handle = linear.registerForwardHook((m, x, y) -> {
            log.add(m == linear ? "own" : "other");
            return null;
        })) {
            assertTrue(linear.hasHooks());
            linear.call(Torch.ones(1, 2));
            handle.remove();
            handle.remove();
        }
        assertFalse(linear.hasHooks());
        linear.call(Torch.ones(1, 2));
        assertEquals(List.of("own"), log);
    }

    @Test
    void observersLookAndChangeNothing() {
        Linear linear = new Linear(2, 2);
        List<String> log = new ArrayList<>();
        linear.registerForwardPreObserver((m, x) -> log.add("pre " + (m == linear)));
        linear.registerForwardObserver((m, x, y) -> log.add("forward " + y.dim()));
        linear.registerForwardObserver((m, x, y) -> log.add("first"), o -> o.prepend(true));
        linear.registerForwardPreObserver((m, x) -> log.add("first pre"), o -> o.prepend(true));
        linear.registerFullBackwardPreObserver((m, gradOutput) -> log.add("backward pre " + gradOutput.size()));
        linear.registerFullBackwardObserver((m, gradInput, gradOutput) -> log.add("backward " + gradInput.size()));
        Tensor x = Torch.ones(1, 2).requiresGrad_();
        try (RemovableHandle a = GlobalHooks.registerModuleForwardPreObserver((m, in) -> log.add("all pre"));
                RemovableHandle b = GlobalHooks.registerModuleForwardObserver((m, in, out) -> log.add("all"));
                RemovableHandle c = GlobalHooks.registerModuleFullBackwardPreObserver(
                        (m, gradOutput) -> log.add("all backward pre"));
                RemovableHandle d = GlobalHooks.registerModuleFullBackwardObserver(
                        (m, gradInput, gradOutput) -> log.add("all backward"))) {
            Tensor y = linear.call(x);
            assertTrue(
                    y.allclose(x.linear(linear.weight, linear.bias)),
                    "an expression's value is not taken for the output");
            y.sum().backward();
        }
        assertEquals(
                List.of(
                        "all pre",
                        "first pre",
                        "pre true",
                        "all",
                        "first",
                        "forward 2",
                        "all backward pre",
                        "backward pre 1",
                        "all backward",
                        "backward 1"),
                log);
    }

    @Test
    void anObserverMayBeCalledAlways() {
        Linear linear = new Linear(2, 2);
        List<Boolean> hadOutput = new ArrayList<>();
        linear.registerForwardObserver((m, x, y) -> hadOutput.add(y != null), o -> o.alwaysCall(true));
        assertThrows(TorchException.class, () -> linear.call(Torch.ones(1, 3)));
        assertEquals(List.of(false), hadOutput);
    }

    @Test
    void modulesOfUnknownTypesTakeHooks() {
        Sequential net = new Sequential(new Linear(2, 2), new ReLU());
        List<String> log = new ArrayList<>();
        for (Module<?, ?> module : net.modules()) {
            module.registerForwardHook((m, in, out) -> {
                log.add(m.className());
                return null;
            });
        }
        net.call(Torch.ones(1, 2));
        assertEquals(List.of("Linear", "ReLU", "Sequential"), log);
    }

    @Test
    void sequentialLeavesWhatHooksSaw() {
        Sequential net = new Sequential(new Linear(2, 2), new ReLU(), new ReLU());
        List<Tensor> seen = new ArrayList<>();
        net.get(1).registerForwardHook((m, x, y) -> {
            seen.add(x);
            seen.add(y);
            return null;
        });
        net.call(Torch.ones(1, 2));
        for (Tensor tensor : seen) {
            assertEquals(2, tensor.numel());
        }
        assertEquals(2, seen.size());
    }

    @Test
    void gradientsOfBackwardHooksStay() {
        Linear linear = new Linear(2, 2);
        List<Tensor> seen = new ArrayList<>();
        linear.registerFullBackwardHook((m, in, out) -> {
            seen.add(in.get(0));
            seen.add(out.get(0).mul(2));
            return null;
        });
        linear.call(Torch.ones(1, 2).requiresGrad_(true)).sum().backward();
        assertEquals(2.0, seen.get(1).select(1, 0).item());
        assertEquals(2, seen.get(0).numel());
    }

    @Test
    void failuresInHooksNameTheModule() {
        Sequential net = new Sequential(new Linear(2, 2));
        net.get(0).registerForwardPreHook((m, x) -> x.matmul(Torch.ones(3, 3)));
        TorchException e = assertThrows(TorchException.class, () -> net.call(Torch.ones(1, 2)));
        assertTrue(e.getMessage().startsWith("in 0 (Linear): "), e.getMessage());
    }

    @Test
    void whatAlwaysCalledHooksThrowIsSuppressed() {
        Linear linear = new Linear(2, 2);
        linear.registerForwardPreHook((m, x) -> {
            throw new IllegalStateException("first");
        });
        linear.registerForwardHook(
                (m, x, y) -> {
                    throw new IllegalStateException("second");
                },
                o -> o.alwaysCall(true));
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> linear.call(Torch.ones(1, 2)));
        assertEquals("first", e.getMessage());
        assertEquals("second", e.getSuppressed()[0].getMessage());
    }

    /** Tensors at every place that is searched. */
    record Tree(List<Tensor> list, Map<String, Tensor> map, Tensor[] array, Optional<Tensor> maybe, String text) {}

    static final class TreeModule extends Module<Tree, Map<String, Tensor>> {
        @Override
        protected Map<String, Tensor> forward(Tree x) {
            return Map.of(
                    "sum",
                    x.list()
                            .get(0)
                            .add(x.map().get("b").mul(2))
                            .add(x.array()[0].mul(3))
                            .add(x.maybe().orElseThrow().mul(4)));
        }
    }

    @Test
    void backwardHooksSeeTensorsOfAllTrees() {
        TreeModule module = new TreeModule();
        List<Double> seen = new ArrayList<>();
        module.registerFullBackwardHook((m, in, out) -> {
            in.forEach(grad -> seen.add(grad.item()));
            seen.add(out.get(0).item());
            return in.stream().map(grad -> grad.mul(10)).toList();
        });
        Tensor a = Torch.tensor(1.0).requiresGrad_(true);
        Tensor b = Torch.tensor(1.0).requiresGrad_(true);
        Tensor c = Torch.tensor(1.0).requiresGrad_(true);
        Tensor d = Torch.tensor(1.0).requiresGrad_(true);
        module.call(new Tree(List.of(a), Map.of("b", b), new Tensor[] {c}, Optional.of(d), "text"))
                .get("sum")
                .backward();
        assertEquals(List.of(1.0, 2.0, 3.0, 4.0, 1.0), seen);
        assertEquals(
                List.of(10.0, 20.0, 30.0, 40.0),
                Stream.of(a, b, c, d).map(t -> t.grad().item()).toList());
    }

    @Test
    void graphsWithHooksAreFreed() {
        Linear linear = new Linear(2, 2);
        linear.registerFullBackwardHook((m, in, out) -> null);
        linear.registerFullBackwardPreHook((m, out) -> null);
        linear.call(Torch.ones(1, 2).requiresGrad_(true)).sum().backward();
        System.gc();
        Lifelines.drain();
        int before = Lifelines.count();
        for (int i = 0; i < 300; i++) {
            try (TensorScope scope = new TensorScope()) {
                Tensor y = linear.call(Torch.ones(1, 2).requiresGrad_(true)).sum();
                if (i % 3 != 0) {
                    y.backward();
                }
            }
        }
        Lifelines.drain();
        assertTrue(Lifelines.count() - before < 10, Lifelines.count() + " held, " + before + " before");
    }

    @Test
    void graphsOfGradientsThatDoNotReachTheInputAreFreed() throws InterruptedException {
        Linear linear = new Linear(2, 2);
        linear.registerFullBackwardHook((m, in, out) -> null);
        Lifelines.drain();
        int before = Lifelines.count();
        for (int i = 0; i < 100; i++) {
            Tensor y = linear.call(Torch.ones(1, 2).requiresGrad_(true));
            Autograd.grad(y.mul(y).sum(), linear.weight, true);
        }
        // They belong to no scope, but to the garbage collector.
        for (int i = 0; i < 100 && Lifelines.count() - before >= 10; i++) {
            System.gc();
            Thread.sleep(50);
            Lifelines.drain();
        }
        assertTrue(Lifelines.count() - before < 10, Lifelines.count() + " held, " + before + " before");
    }

    @Test
    void sequentialTellsOfItsModules() {
        List<String> log = new ArrayList<>();
        try (RemovableHandle handle = GlobalHooks.registerModuleModuleRegistrationHook((m, name, child) -> {
            log.add(m.className() + "." + name);
            return null;
        })) {
            new Sequential(new ReLU(), new ReLU()).append(new ReLU());
        }
        assertEquals(List.of("Sequential.0", "Sequential.1", "Sequential.2"), log);
    }

    @Test
    void listsTellOfTheirElementsHoweverTheyComeIn() {
        List<String> log = new ArrayList<>();
        try (RemovableHandle modules = GlobalHooks.registerModuleModuleRegistrationHook((m, name, child) -> {
                    log.add(m.className() + "." + name);
                    return null;
                });
                RemovableHandle parameters =
                        GlobalHooks.registerModuleParameterRegistrationHook((m, name, parameter) -> {
                            log.add(m.className() + "." + name);
                            return null;
                        })) {
            ModuleList<ReLU> list = new ModuleList<>(new ReLU());
            list.add(new ReLU());
            list.addAll(List.of(new ReLU(), new ReLU()));
            list.set(0, new ReLU());
            list.registerModule("4", new ReLU());
            list.add(0, new ReLU());
            new ParameterList(Torch.ones(1)).add(new Parameter(Torch.ones(1)));
        }
        assertEquals(
                List.of(
                        "ModuleList.0",
                        "ModuleList.1",
                        "ModuleList.2",
                        "ModuleList.3",
                        "ModuleList.0",
                        "ModuleList.4",
                        "ModuleList.0",
                        "ParameterList.0",
                        "ParameterList.1"),
                log);
    }

    @Test
    void nullHooksAndOptionsAreRefusedWhereTheyAreGiven() {
        Linear linear = new Linear(1, 1);
        assertThrows(NullPointerException.class, () -> linear.registerForwardHook(null));
        assertThrows(NullPointerException.class, () -> GlobalHooks.registerModuleForwardHook(null));
        var e = assertThrows(NullPointerException.class, () -> new Linear(1, 1, null));
        assertEquals("the options are null: give o -> {} for the defaults", e.getMessage());
    }

    /** The message is PyTorch's. If it happens in the module's forward, the path of the module precedes it. */
    @Test
    void whatAHookWatchesIsNotChangedInPlace() {
        String expected =
                "Output 0 of BackwardHookFunction is a view and is being modified inplace. This view was created inside"
                        + " a custom Function (or because an input was returned as-is) and the autograd logic to handle view+inplace would"
                        + " override the custom backward associated with the custom Function, leading to incorrect gradients. This"
                        + " behavior is forbidden. You can fix this by cloning the output of the custom Function.";
        Linear linear = new Linear(2, 2);
        linear.registerFullBackwardHook((module, gradInput, gradOutput) -> null);
        Tensor y = linear.call(Torch.ones(1, 2).requiresGrad_());
        assertEquals(
                expected, assertThrows(TorchException.class, () -> y.add_(1)).getMessage());
        Tensor slice = y.narrow(1, 0, 1);
        assertTrue(assertThrows(TorchException.class, () -> slice.add_(1))
                .getMessage()
                .endsWith(
                        "If a module with a full backward hook or a custom Function gave what this is a view of, clone() its"
                                + " output first."));

        Linear pre = new Linear(2, 2);
        pre.registerFullBackwardPreHook((module, gradOutput) -> null);
        Tensor z = pre.call(Torch.ones(1, 2));
        assertEquals(
                expected, assertThrows(TorchException.class, () -> z.mul_(2)).getMessage());

        ReLU inPlace = new ReLU(o -> o.inplace(true));
        inPlace.registerFullBackwardHook((module, gradInput, gradOutput) -> null);
        Tensor x = Torch.ones(2).requiresGrad_().mul(1);
        assertEquals(
                "in ReLU: " + expected,
                assertThrows(TorchException.class, () -> inPlace.call(x)).getMessage());

        linear.call(Torch.ones(1, 2)).clone().add_(1).sum().backward(); // The remedy.
        assertEquals(List.of(2L), List.of(linear.bias.grad().numel()));
    }
}
