package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Generator;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.utils.Checkpointing;
import org.junit.jupiter.api.Test;

class TensorTreeTest {

    record Node(
            @Nullable Tensor tensor, int number, @Nullable Object more) {}

    /** Its constructor rejects scalars. */
    record Picky(Tensor tensor) {
        Picky {
            if (tensor.dim() == 0) {
                throw new IllegalArgumentException("no scalars");
            }
        }
    }

    private static List<Double> values(Object tree) {
        List<Double> values = new ArrayList<>();
        TensorTree.forEach(tree, tensor -> values.add(tensor.sum().item()));
        return values;
    }

    @Test
    void mapsInTheOrderOfForEach() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("z", Torch.tensor(4.0));
        map.put("none", null);
        map.put("a", new Tensor[] {Torch.tensor(5.0), null});
        Node tree = new Node(
                Torch.tensor(1.0),
                7,
                Arrays.asList(
                        Torch.tensor(2.0),
                        null,
                        "text",
                        Path.of("a", "b"),
                        Set.of(Torch.tensor(3.0)),
                        map,
                        Optional.of(Torch.tensor(6.0)),
                        Optional.empty()));
        assertEquals(List.of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0), values(tree));
        Node mapped = TensorTree.map(tree, tensor -> tensor.mul(10));
        assertEquals(List.of(10.0, 20.0, 30.0, 40.0, 50.0, 60.0), values(mapped));
        assertEquals(List.of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0), values(tree));
        assertEquals(7, mapped.number());
        List<?> more = (List<?>) mapped.more();
        assertEquals("text", more.get(2));
        assertTrue(more.get(1) == null && more.size() == 8);
        assertEquals(List.of("z", "none", "a"), new ArrayList<>(((Map<?, ?>) more.get(5)).keySet()));
    }

    @Test
    void whatDoesNotChangeStaysTheObject() {
        Node inner = new Node(null, 1, "text");
        List<Object> list = List.of(inner, Torch.ones(1));
        assertSame(list, TensorTree.map(list, tensor -> tensor));
        assertSame(inner, TensorTree.map(list, tensor -> tensor.mul(2)).get(0));
        Tensor[] array = {Torch.ones(1)};
        assertEquals(
                Tensor[].class, TensorTree.map(array, tensor -> tensor.mul(2)).getClass());
    }

    @Test
    void saysWhatCannotBeMadeAnew() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> TensorTree.map(new Picky(Torch.ones(1)), Tensor::sum));
        assertTrue(e.getMessage().contains("Picky") && e.getMessage().contains("no scalars"), e.getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> TensorTree.map(new ArrayDeque<>(List.of(Torch.ones(1))), tensor -> tensor.mul(2)));
    }

    // --- what it cannot see into -------------------------------------------------------------------------------

    /** It is not a record, so the walk does not know its parts. */
    private static final class Opaque {
        final Tensor hidden;

        Opaque(Tensor hidden) {
            this.hidden = hidden;
        }
    }

    @SuppressWarnings("UnusedVariable") // The fields are read by reflection.
    private static final class Settings {
        final double[] weights = {1, 2};
        final String name = "name";
        final Device device = Device.CPU;
    }

    private static String refusal(Runnable walk) {
        return assertThrows(TorchException.class, walk::run).getMessage();
    }

    @Test
    void anObjectThatMayHideTensorsIsRefusedByName() {
        Opaque opaque = new Opaque(Torch.ones(1));
        String wanted =
                "a org.jtorch.nn.TensorTreeTest$Opaque may hold tensors that cannot be found: make it a record, or use"
                        + " a list, a map, an array or an Optional";
        assertEquals(wanted, refusal(() -> values(opaque)));
        assertEquals(wanted, refusal(() -> values(new Node(null, 1, List.of(opaque)))));
        assertEquals(wanted, refusal(() -> TensorTree.map(Map.of("a", opaque), tensor -> tensor)));
        assertTrue(refusal(() -> values(new AtomicReference<>(Torch.ones(1)))).startsWith("a java.util.concurrent"));
        Tensor captured = Torch.ones(1);
        Supplier<Tensor> supplier = () -> captured;
        assertTrue(refusal(() -> values(supplier)).contains("may hold tensors"));
    }

    @Test
    void valuesThatCanHoldNoTensorArePassedOver() {
        UnaryOperator<Tensor> function = Tensor::neg;
        for (Object plain : new Object[] {
            1L,
            new BigDecimal(1),
            new AtomicInteger(1),
            "text",
            'c',
            true,
            DType.FLOAT32,
            Device.CPU,
            Duration.ZERO,
            LocalDate.EPOCH,
            Path.of("a"),
            UUID.randomUUID(),
            new long[][] {{1}},
            String.class,
            new Settings(),
            new Object(),
            function,
            Generator.defaultGenerator(),
            TensorOptions.of(DType.FLOAT32).device(Device.CPU),
            new Linear(1, 1),
            new ModuleList<>(new Linear(1, 1))
        }) {
            assertEquals(List.of(), values(plain), () -> plain.getClass().getName());
            assertSame(plain, TensorTree.map(plain, Tensor::neg));
        }
    }

    /** Its output contains a tensor that cannot be found. */
    private static final class Hiding extends Module<Tensor, Opaque> {
        @Override
        protected Opaque forward(Tensor x) {
            return new Opaque(x.mul(2));
        }
    }

    private static final class Outer extends Module<Tensor, Opaque> {
        Hiding inner = new Hiding();

        @Override
        protected Opaque forward(Tensor x) {
            return inner.call(x);
        }
    }

    @Test
    void whereTensorsMustBeFoundAnOutputThatHidesThemIsRefused() {
        Tensor x = Torch.ones(1);
        Outer net = new Outer();
        assertEquals(2.0, net.call(x).hidden.item(), "a plain call need not look");
        assertTrue(refusal(() -> net.infer(x)).startsWith("in Outer: a org.jtorch.nn.TensorTreeTest$Opaque may hold"));
        assertTrue(refusal(() -> Checkpointing.checkpoint(net, x)).contains("$Opaque may hold tensors"));
        net.inner.registerFullBackwardHook((module, gradInput, gradOutput) -> null);
        Tensor leaf = Torch.ones(1).requiresGrad_();
        assertTrue(
                refusal(() -> net.call(leaf)).startsWith("in inner (Hiding): a org.jtorch.nn.TensorTreeTest$Opaque"));
    }
}
