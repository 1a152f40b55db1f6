package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.autograd.RemovableHandle;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.linear.Linear;
import org.junit.jupiter.api.Test;

/** What Java adds to the hooks; what PyTorch does with them is in {@link HookScenarios}. */
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
}
