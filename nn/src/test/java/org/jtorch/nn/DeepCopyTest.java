package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.nn.SystemModels.Net;
import org.jtorch.nn.SystemModels.Plain;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.BatchNorm2d;
import org.jtorch.nn.state.StateDict;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A copy shares nothing with the original. What is shared within the original is shared within the copy. */
@SuppressWarnings("unused") // The fields are read by reflection.
class DeepCopyTest {

    private static final class Views extends Plain {
        Buffer base = new Buffer(Torch.arange(6.0));

        Buffer part = new Buffer(base.narrow(0, 2, 2));

        Buffer turned = new Buffer(Torch.arange(6.0).view(2, 3).t());

        Parameter weight = new Parameter(base);

        Buffer leaf = new Buffer(Torch.ones(new long[] {2}, TensorOptions.DEFAULT.requiresGrad(true)));
    }

    private static String numbers(Tensor t) {
        if (t.dim() == 0) {
            return String.valueOf(t.item());
        }
        List<String> parts = new ArrayList<>();
        for (long i = 0; i < t.size(0); i++) {
            parts.add(numbers(t.select(0, i)));
        }
        return parts.toString();
    }

    @TestFactory
    Stream<DynamicTest> asPyTorch() {
        Scenarios s = new Scenarios();
        s.play("deepcopy tied", () -> {
            Linear a = new Linear(2, 2);
            Linear b = new Linear(2, 2);
            b.weight = a.weight;
            Sequential m = new Sequential(a, b, a);
            m.call(Torch.ones(1, 2)).sum().backward();
            a.weight.requiresGrad_(false);
            b.eval();
            Sequential c = Module.deepCopy(m);
            Linear c0 = (Linear) c.get(0);
            Linear c1 = (Linear) c.get(1);
            return List.of(
                    c0 == c.get(2),
                    c0.weight == c1.weight,
                    c0.weight == a.weight,
                    Recording.bits(c0.weight).equals(Recording.bits(a.weight)),
                    c0.weight.grad() == null,
                    a.weight.grad() == null,
                    c0.weight.requiresGrad(),
                    c1.bias != null && c1.bias.requiresGrad(),
                    c1.isTraining(),
                    c0.isTraining());
        });
        s.play("deepcopy views", () -> {
            Views m = new Views();
            m.leaf.setGrad(Torch.full(new long[] {2}, 3.0));
            Views c = Module.deepCopy(m);
            c.part.fill_(9);
            return List.of(
                    numbers(c.base),
                    numbers(m.base),
                    numbers(c.weight),
                    Arrays.toString(c.turned.strides()),
                    numbers(c.turned),
                    c.leaf.requiresGrad(),
                    numbers(c.leaf.grad()),
                    c.part.storageOffset());
        });
        s.play("deepcopy computed", () -> {
            class Computed extends Plain { // PyTorch's registered buffer keeps its graph; jtorch's is detached from it.
                Tensor b = Torch.ones(new long[] {1}, TensorOptions.DEFAULT.requiresGrad(true))
                        .mul(2);
            }
            return Module.deepCopy(new Computed());
        });
        return s.compare("modules_system/copies.txt");
    }

    private static void assertApart(Module<?, ?> a, Module<?, ?> b) {
        assertEquals(a.toString(), b.toString());
        Map<Object, String> inA = new IdentityHashMap<>();
        a.modules().forEach(m -> inA.put(m, m.className()));
        a.parameters().forEach(p -> inA.put(p, "parameter"));
        a.buffers().forEach(p -> inA.put(p, "buffer"));
        List<Object> inB = new ArrayList<>(b.modules());
        inB.addAll(b.parameters());
        inB.addAll(b.buffers());
        inB.forEach(o -> assertNull(inA.get(o), "shared"));
        assertEquals(inA.size(), inB.size());
        StateDict ofA = a.stateDict();
        StateDict ofB = b.stateDict();
        assertEquals(List.copyOf(ofA.keySet()), List.copyOf(ofB.keySet()));
        ofA.forEach((key, t) -> assertEquals(Recording.bits(t), Recording.bits(ofB.get(key)), key));
        ofB.values().forEach(t -> t.fill_(77));
        ofA.forEach((key, t) -> assertNotEquals(Recording.bits(t), Recording.bits(ofB.get(key)), key));
    }

    @Test
    void containersAndLayersAreCopied() {
        Net net = new Net();
        net.registerModule("extra", new ModuleList<Module<?, ?>>(new ReLU()));
        net.registerModule("none", null);
        net.registerParameter("scale", new Parameter(Torch.ones(2)));
        net.registerBuffer("steps", Torch.zeros(2), false);
        net.registerModule("more", new ParameterList(Torch.ones(1), Torch.ones(2)));
        net.registerModule("most", new ParameterDict(Map.of("a", Torch.ones(1))));
        net.registerModule("conv", new Sequential(new Conv2d(1, 2, 3), new BatchNorm2d(2)));
        Net copy = Module.deepCopy(net);
        assertSame(copy.block.fc, copy.tied);
        assertApart(net, copy);
        copy.registerModule("later", new ReLU());
        copy.layers.append(new ReLU());
        copy.head.put("later", new ReLU());
        assertEquals(2, net.layers.size());
        assertEquals(2, net.head.size());
        assertThrows(IllegalArgumentException.class, () -> net.getSubmodule("later"));
        assertThrows(NullPointerException.class, () -> copy.layers.add(null), "the copy checks as the original");
    }

    @Test
    void aCopyMadeInAScopeOutlivesIt() {
        Views m = new Views();
        Views copy;
        try (TensorScope scope = new TensorScope()) {
            copy = Module.deepCopy(m);
        }
        assertEquals(numbers(m.turned), numbers(copy.turned));
        assertEquals(numbers(m.weight), numbers(copy.weight));
    }

    // --- values ------------------------------------------------------------------------------------------------

    private record Pair(Object left, @Nullable Object right) {}

    private enum Kind {
        A
    }

    private static final class Values extends Plain {
        int number = 3;
        String text = "a";
        Kind kind = Kind.A;
        final long[] sizes = {1, 2};
        long[] counts = {1, 2};
        int[][] table = {{1}, {2}};
        List<Integer> list = new ArrayList<>(List.of(1));
        Map<String, List<String>> map = new TreeMap<>(Map.of("b", new ArrayList<>(List.of("x"))));
        Pair pair = new Pair(new ArrayList<>(List.of(1)), null);
        Pair plainPair = new Pair("a", "b");
        Optional<List<Integer>> optional = Optional.of(new ArrayList<>(List.of(1)));
        List<String> fixed = List.of("a");
        List<Object> self = new ArrayList<>();
        Object shared = list;
        Runnable function = () -> {};
        Tensor plain = Torch.ones(2);

        @Unregistered
        Module<?, ?> parent = this;

        @Unregistered
        Map<Tensor, String> byTensor = new IdentityHashMap<>(Map.of(plain, "plain"));

        @Unregistered
        List<Linear> hidden = Arrays.asList(new Linear(1, 1));

        Values() {
            self.add(self);
        }
    }

    @Test
    void whatFieldsHoldIsCopied() {
        Values m = new Values();
        Values c = Module.deepCopy(m);
        assertEquals(3, c.number);
        assertEquals("a", c.text);
        assertSame(Kind.A, c.kind);
        assertSame(m.sizes, c.sizes, "a final array is a constant");
        c.counts[0] = 7;
        c.table[0][0] = 7;
        c.list.add(7);
        c.map.get("b").add("y");
        ((List<?>) c.pair.left()).clear();
        c.optional.orElseThrow().clear();
        c.plain.fill_(7);
        assertEquals(1, m.counts[0]);
        assertEquals(1, m.table[0][0]);
        assertEquals(List.of(1), m.list);
        assertEquals(List.of("x"), m.map.get("b"));
        assertEquals(TreeMap.class, c.map.getClass());
        assertEquals(List.of(1), m.pair.left());
        assertSame(m.plainPair, c.plainPair);
        assertEquals(List.of(1), m.optional.orElseThrow());
        assertEquals(List.of("a"), c.fixed);
        assertSame(c.self, c.self.get(0));
        assertNotSame(m.self, c.self);
        assertSame(c.list, c.shared);
        assertSame(m.function, c.function);
        assertEquals(2.0, m.plain.sum().item());
        assertSame(c, c.parent);
        assertEquals("plain", c.byTensor.get(c.plain));
        assertNotSame(m.hidden.get(0), c.hidden.get(0));
    }

    // --- refusals ----------------------------------------------------------------------------------------------

    private static final class FinalLayer extends Plain {
        final Linear fc = new Linear(1, 1);
    }

    private static final class FinalBuffer extends Plain {
        final Buffer mean = new Buffer(Torch.zeros(1));
    }

    private static final class FinalRecord extends Plain {
        @Unregistered
        final Pair pair = new Pair("a", new Linear(1, 1));
    }

    private static final class Outer extends Plain {
        final class Inner extends Plain {
            @Override
            protected Tensor forward(Tensor x) {
                return Outer.this.scale.mul(x);
            }
        }

        Parameter scale = new Parameter(Torch.ones(1));
        Inner inner = new Inner();
    }

    private static String refusal(Module<?, ?> m) {
        return assertThrows(IllegalStateException.class, () -> Module.deepCopy(m))
                .getMessage();
    }

    @Test
    void whatACopyCannotOwnIsRefused() {
        String message = refusal(new Sequential(new FinalLayer()));
        assertTrue(message.startsWith("field 'fc' of "), message);
        assertTrue(message.contains("is final and holds a Linear"), message);
        assertTrue(message.endsWith("make it non-final"), message);
        assertTrue(refusal(new FinalBuffer()).contains("holds a Buffer"));
        assertTrue(refusal(new FinalRecord()).contains("holds a Linear"));
        assertTrue(refusal(new Outer()).contains("is an inner class, whose copy would belong to the Outer"));
        Outer outer = new Outer();
        Outer.Inner alone = Module.deepCopy(outer.inner);
        assertNotSame(outer.inner, alone);
        Plain m = new Plain() {};
        m.registerParameter("odd", new Parameter(Torch.ones(1)) {});
        assertTrue(refusal(m).contains("a subclass of Parameter needs a constructor (Tensor, boolean)"));
    }

    @Test
    void whatAScopeHasFreedIsLeftAsItIs() {
        Values m = new Values();
        m.plain.close();
        m.byTensor = new HashMap<>();
        assertSame(m.plain, Module.deepCopy(m).plain);
        assertEquals(LinkedHashMap.class, Module.deepCopy(new Maps()).map.getClass());
    }

    private static final class Maps extends Plain {
        Map<String, String> map = new LinkedHashMap<>(Map.of("a", "b"));
    }
}
