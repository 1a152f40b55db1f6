package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.activation.Sigmoid;
import org.jtorch.nn.activation.Tanh;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.utils.WeightNorm;
import org.junit.jupiter.api.Test;

/** Removing members of a module by name and by slice, and getting them as a class. */
class DeleteTest {

    @SuppressWarnings("UnusedVariable") // The fields are read by reflection.
    private static final class Net extends SystemModels.Plain {
        @Nullable
        Linear fc = new Linear(1, 1);

        Linear kept = new Linear(1, 1);

        @Nullable
        Parameter gamma = new Parameter(Torch.ones(1));

        final Linear fixed = new Linear(1, 1);
        int size = 3;
    }

    private static List<String> keys(Module<?, ?> module) {
        return List.copyOf(module.stateDict().keySet());
    }

    private static String refusal(Runnable deletion) {
        return assertThrows(IllegalArgumentException.class, deletion::run).getMessage();
    }

    @Test
    void whatWasRegisteredByNameIsForgotten() {
        Net net = new Net();
        List<String> before = keys(net);
        net.registerModule("extra", new Linear(1, 1));
        net.registerParameter("p", new Parameter(Torch.ones(1)));
        net.registerBuffer("b", Torch.ones(1));
        net.delete("extra");
        net.delete("p");
        net.delete("b");
        assertEquals(before, keys(net));
        net.registerBuffer("extra", Torch.ones(1));
        assertTrue(keys(net).contains("extra"), "the name is free again, for another kind too");
    }

    @Test
    void aFieldIsSetToNull() {
        Net net = new Net();
        net.delete("fc");
        net.delete("gamma");
        assertNull(net.fc);
        assertNull(net.gamma);
        assertEquals(List.of("kept.weight", "kept.bias", "fixed.weight", "fixed.bias"), keys(net));
        assertThrows(IllegalStateException.class, () -> net.delete("fixed"));
    }

    /** The first two texts are PyTorch 2.14's. */
    @Test
    void whatIsNotThereIsRefused() {
        Net net = new Net();
        net.registerModule("extra", new Linear(1, 1));
        net.delete("extra");
        assertEquals("'Net' object has no attribute 'extra'", refusal(() -> net.delete("extra")));
        assertEquals("'Linear' object has no attribute 'x'", refusal(() -> net.kept.delete("x")));
        assertEquals("'size' of Net is not a parameter, buffer or module", refusal(() -> net.delete("size")));
        Linear normal = WeightNorm.weightNorm(new Linear(1, 1));
        assertTrue(assertThrows(IllegalStateException.class, () -> normal.delete("weight"))
                .getMessage()
                .startsWith("'weight' of Linear is computed from other parameters"));
    }

    @Test
    void elementsOfContainers() {
        Sequential sequential = new Sequential(new ReLU(), new Tanh(), new Sigmoid());
        sequential.delete("1");
        assertEquals("Sequential(\n  (0): ReLU()\n  (2): Sigmoid()\n)", sequential.toString());
        ModuleList<Layer> list = new ModuleList<>(new ReLU(), new Tanh());
        list.delete("0");
        assertEquals("ModuleList(\n  (0): Tanh()\n)", list.toString());
        ModuleDict<Layer> dict = new ModuleDict<>(Map.of("a", new ReLU()));
        dict.delete("a");
        assertTrue(dict.isEmpty());
        ParameterList parameters = new ParameterList(Torch.ones(1), Torch.zeros(1));
        parameters.delete("0");
        assertEquals(List.of("0"), keys(parameters));
        ParameterDict named = new ParameterDict(Map.of("a", Torch.ones(1)));
        named.delete("a");
        assertEquals(List.of(), keys(named));
        assertEquals("'ModuleList' object has no attribute '7'", refusal(() -> list.delete("7")));
    }

    // --- slices ------------------------------------------------------------------------------------------------

    /** As in PyTorch 2.14: {@code s.pop(slice(0, 2))}. */
    @Test
    void slicesCanBePopped() {
        Sequential sequential = new Sequential(new ReLU(), new Tanh(), new Sigmoid());
        assertEquals(
                "Sequential(\n  (0): ReLU()\n  (1): Tanh()\n)",
                sequential.pop(0, 2).toString());
        assertEquals("Sequential(\n  (0): Sigmoid()\n)", sequential.toString());
        ModuleList<Layer> list = new ModuleList<>(new ReLU(), new Tanh(), new Sigmoid());
        assertEquals(
                "ModuleList(\n  (0): Sigmoid()\n  (1): ReLU()\n)",
                list.pop(null, null, -2).toString());
        assertEquals("ModuleList(\n  (0): Tanh()\n)", list.toString());
    }

    @Test
    void negativePositionsCountFromTheEnd() {
        Linear a = new Linear(1, 1);
        Linear b = new Linear(1, 1);
        ModuleList<Linear> list = new ModuleList<>(a, a, b);
        assertSame(b, list.get(-1));
        assertSame(b, list.set(-1, a));
        assertSame(a, list.remove(-3));
        assertEquals(2, list.size());
        assertThrows(IndexOutOfBoundsException.class, () -> list.get(-3));
        assertEquals(
                2.0,
                new ParameterList(Torch.ones(1), Torch.full(new long[] {1}, 2.0))
                        .get(-1)
                        .item());
    }

    // --- classes -----------------------------------------------------------------------------------------------

    @Test
    void aModuleIsGivenAsItsClass() {
        Net net = new Net();
        Linear fc = net.getSubmodule("fc", Linear.class);
        assertSame(net.fc, fc);
        assertEquals("`fc` is a Linear, not a Conv2d", refusal(() -> net.getSubmodule("fc", Conv2d.class)));
        assertThrows(IllegalArgumentException.class, () -> net.getSubmodule("none", Linear.class));
        Sequential sequential = new Sequential(Map.of("fc", fc));
        assertSame(fc.weight, sequential.get(0, Linear.class).weight);
        assertSame(fc, sequential.get("fc", Linear.class));
        assertSame(fc, sequential.get(-1, Layer.class));
        assertEquals("`0` is a Linear, not a ReLU", refusal(() -> sequential.get(0, ReLU.class)));
        ModuleList<Module<?, ?>> list = new ModuleList<>(fc, new ReLU());
        assertSame(fc, list.get(0, Linear.class));
        assertEquals("`-1` is a ReLU, not a Linear", refusal(() -> list.get(-1, Linear.class)));
        ModuleDict<Module<?, ?>> dict = new ModuleDict<>(Map.of("a", fc));
        assertSame(fc, dict.get("a", Linear.class));
        assertEquals("`a` is a Linear, not a ReLU", refusal(() -> dict.get("a", ReLU.class)));
        assertThrows(java.util.NoSuchElementException.class, () -> dict.get("b", Linear.class));
    }

    @Test
    void aModuleIsSetUpInOneLineAndKeepsItsClass() {
        Net net = Module.with(new Net(), n -> n.to(org.jtorch.DType.FLOAT64).eval());
        assertEquals(org.jtorch.DType.FLOAT64, net.kept.weight.dtype());
        assertTrue(!net.isTraining() && !net.kept.isTraining());
    }

    @Test
    void resettingReachesAllByOneType() {
        Sequential model = new Sequential(new Linear(2, 2), new ReLU(), new org.jtorch.nn.norm.BatchNorm1d(2));
        model.parameters().forEach(p -> p.data().fill_(7));
        model.apply(m -> {
            if (m instanceof Resettable layer) {
                layer.resetParameters();
            }
        });
        for (Tensor p : model.parameters()) {
            assertTrue(p.abs().max().item() <= 1.0);
        }
    }
}
