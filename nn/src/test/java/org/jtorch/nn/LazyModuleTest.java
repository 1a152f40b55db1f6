package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.linear.LazyLinear;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.BatchNorm1d;
import org.jtorch.nn.utils.SkipInit;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Lazy modules, and modules without values, compared with PyTorch's. */
@SuppressWarnings("unused") // The fields are read by reflection.
class LazyModuleTest {

    private static Sequential lazy() {
        return new Sequential(new LazyLinear(3), new ReLU(), new LazyLinear(2, o -> o.bias(false)));
    }

    private static <M extends Module<Tensor, Tensor>> M called(M m, long... size) {
        DType dtype = m.parameters().get(0).dtype();
        m.call(Torch.ones(size, TensorOptions.of(dtype)));
        return m;
    }

    private static List<String> shapes(Module<?, ?> m) {
        List<String> result = new ArrayList<>();
        m.stateDict()
                .forEach((key, t) -> result.add(key + ":" + (t.isUninitialized() ? t.toString() : Scenarios.shape(t))));
        return result;
    }

    private static List<DType> dtypes(Module<?, ?> m) {
        return m.parameters().stream().map(Tensor::dtype).toList();
    }

    private static List<String> load(Module<?, ?> target, Module<?, ?> source) {
        target.loadStateDict(source.stateDict());
        return shapes(target);
    }

    private static final class Forgetful extends SystemModels.Plain implements LazyModuleMixin<Tensor> {
        Parameter weight = new UninitializedParameter();

        @Override
        public void initializeParameters(Tensor input) {}

        @Override
        public Class<?> clsToBecome() {
            return Forgetful.class;
        }
    }

    private static List<Object> materialized(Tensor t) {
        ((UninitializedTensor) t).materialize(2, 3);
        return List.of(t.dtype(), Scenarios.shape(t), t.requiresGrad(), t.isLeaf());
    }

    @TestFactory
    Stream<DynamicTest> asPyTorch() {
        Scenarios s = new Scenarios();
        s.play(
                "lazy repr",
                LazyModuleTest::lazy,
                () -> called(lazy(), 5, 4),
                () -> called(new Sequential(new LazyLinear(3), new LazyLinear(3)), 5, 4));
        s.play(
                "lazy state",
                () -> shapes(lazy()),
                () -> shapes(called(lazy(), 5, 4)),
                () -> lazy().parameters().stream().map(Tensor::requiresGrad).toList());
        s.play("lazy values", () -> {
            Torch.manualSeed(42);
            Sequential m = called(new Sequential(new LazyLinear(3), new Linear(3, 2)), 2, 4);
            return m.parameters().stream().map(Recording::bits).toList();
        });
        TensorOptions float64 = TensorOptions.of(DType.FLOAT64);
        s.play(
                "lazy parameter",
                UninitializedParameter::new,
                UninitializedBuffer::new,
                () -> new UninitializedParameter().shape(),
                () -> new UninitializedParameter().dtype(),
                () -> {
                    Holder holder = new Holder();
                    holder.weight = new UninitializedParameter(float64);
                    holder.to(DType.FLOAT16);
                    return holder.weight.dtype();
                },
                () -> new UninitializedParameter().isFloatingPoint(),
                () -> new UninitializedParameter().requiresGrad(),
                () -> new UninitializedParameter(TensorOptions.DEFAULT.requiresGrad(false)).requiresGrad(),
                () -> new UninitializedBuffer().requiresGrad());
        s.play(
                "lazy use",
                () -> new UninitializedParameter().numel(),
                () -> new UninitializedParameter().add(1),
                () -> lazy().parameters().get(0).view(-1));
        s.play(
                "materialize",
                () -> materialized(new UninitializedParameter(float64)),
                () -> materialized(new UninitializedBuffer(float64)));
        s.play("materialize twice", () -> called(new LazyLinear(2), 1, 3).call(Torch.ones(1, 4)));
        s.play(
                "lazy load",
                () -> load(lazy(), lazy()),
                () -> load(lazy(), called(lazy(), 5, 4)),
                () -> load(called(lazy(), 5, 4), lazy()));
        s.play("lazy load then call", () -> {
            Sequential m = lazy();
            Sequential source = called(lazy(), 5, 4);
            m.loadStateDict(source.stateDict());
            String before = m.toString();
            boolean same =
                    Recording.bits(m.call(Torch.ones(5, 4))).equals(Recording.bits(source.call(Torch.ones(5, 4))));
            return before + "\n" + (same ? "True" : "False") + "\n" + m;
        });
        s.play("lazy load wrong", () -> {
            LazyLinear m = new LazyLinear(3);
            m.loadStateDict(new Linear(4, 3).stateDict());
            return m.call(Torch.ones(1, 5));
        });
        s.play(
                "lazy to",
                () -> dtypes(lazy().to(DType.FLOAT64)),
                () -> {
                    Sequential m = lazy();
                    m.toDouble();
                    return dtypes(called(m, 5, 4));
                },
                () -> lazy().to(Device.META).parameters().stream()
                        .map(Tensor::device)
                        .toList(),
                () -> dtypes(called(lazy(), 5, 4).half()));
        s.play("lazy deepcopy", () -> {
            Sequential m = lazy();
            Sequential c = called(Module.deepCopy(m), 5, 4);
            return m + "\n" + c + "\n" + String.join(" ", shapes(m)) + "\n" + String.join(" ", shapes(c)) + "\n"
                    + String.join(" ", shapes(Module.deepCopy(c)));
        });
        s.play("lazy forgotten", () -> new Forgetful().call(Torch.ones(1)));
        return s.compare("modules_system/lazy.txt");
    }

    @TestFactory
    Stream<DynamicTest> withoutValuesAsPyTorch() {
        Scenarios s = new Scenarios();
        s.play(
                "skip_init",
                () -> SkipInit.skipInit(meta -> new Linear(5, 1)).parameters().stream()
                        .map(p -> Scenarios.shape(p) + " " + p.device() + " " + p.dtype())
                        .toList(),
                () -> new Linear(2, 3, o -> o.device(Device.META)),
                () -> new Linear(2, 3, o -> o.device(Device.META))
                        .parameters().stream().map(Tensor::device).toList());
        s.play("meta draws nothing", () -> {
            Torch.manualSeed(1);
            new Linear(3, 3, o -> o.device(Device.META)).eval();
            String drawn = Recording.bits(Torch.rand(1));
            Torch.manualSeed(1);
            return drawn.equals(Recording.bits(Torch.rand(1)));
        });
        return s.compare("modules_system/meta.txt");
    }

    private static final class Holder extends SystemModels.Plain {
        Parameter weight = new UninitializedParameter();

        Buffer mean = new UninitializedBuffer();
    }

    @Test
    void theObjectsStayAndLearn() {
        LazyLinear m = new LazyLinear(2);
        List<Parameter> before = m.parameters();
        try (TensorScope scope = new TensorScope()) {
            m.call(Torch.ones(1, 3)).sum().backward();
        }
        assertEquals(before, m.parameters());
        assertSame(before.get(0), m.weight);
        assertNotNull(m.weight.grad());
        assertEquals(6, m.weight.numel());
        assertTrue(m.weight.toString().startsWith("Parameter containing:"));
        assertEquals(3, m.inFeatures());
    }

    @Test
    void itIsMadeForTrainingAlsoWhereItIsFirstCalledInInference() {
        LazyLinear m = new LazyLinear(2);
        m.infer(Torch.ones(1, 3));
        m.call(Torch.ones(1, 3)).sum().backward();
        assertNotNull(m.weight.grad());
    }

    @Test
    void whatNeedsNoShapeWorks() {
        Holder m = new Holder();
        m.zeroGrad();
        m.requiresGrad_(false).eval();
        assertFalse(m.weight.requiresGrad());
        assertEquals(List.of("weight"), Scenarios.names(m.namedParameters()));
        assertEquals(List.of("mean"), Scenarios.names(m.namedBuffers()));
        m.toDouble().to(Device.META);
        assertEquals(DType.FLOAT64, m.mean.dtype());
        assertEquals(Device.META, m.weight.device());
        ((UninitializedTensor) m.mean).materialize(4);
        assertEquals(List.of(4L), List.of(m.mean.size(0)));
        assertEquals(Device.META, m.mean.device());
        m.weight.close();
        assertThrows(IllegalStateException.class, m.weight::dtype);
    }

    @Test
    void aShapeIsGivenOnce() {
        UninitializedParameter p = new UninitializedParameter();
        p.materialize(new long[] {2}, Device.CPU, DType.FLOAT64);
        assertEquals(DType.FLOAT64, p.dtype());
        assertEquals(
                "this parameter already has its shape: [2]",
                assertThrows(IllegalStateException.class, () -> p.materialize(3))
                        .getMessage());
    }

    private static final class Own extends SystemModels.Plain {
        Parameter scale;
        Sequential body = new Sequential(new Linear(2, 2), new BatchNorm1d(2));

        Own(Device device) {
            scale = new Parameter(Torch.ones(new long[] {2}, TensorOptions.of(device)));
        }
    }

    @Test
    void skipInitReachesEveryLayer() {
        Own m = SkipInit.skipInit(Own::new);
        assertEquals(
                List.of(Device.CPU),
                m.parameters().stream().map(Tensor::device).distinct().toList());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> SkipInit.skipInit(meta -> new Own(Device.CPU)))
                .getMessage()
                .startsWith("Module must support a 'device' arg to skip initialization: Own made a parameter on cpu"));
    }

    @Test
    void layersAreMadeOnTheDefaultDevice() throws Exception {
        try (DefaultDevice meta = DefaultDevice.of(Device.META)) {
            Sequential m = new Sequential(new Linear(2, 2), new BatchNorm1d(2));
            assertEquals(
                    List.of(Device.META),
                    m.parameters().stream().map(Tensor::device).distinct().toList());
            assertEquals(
                    List.of(Device.META),
                    m.buffers().stream().map(Tensor::device).distinct().toList());
            assertEquals(Device.CPU, new Linear(1, 1, o -> o.device(Device.CPU)).weight.device());
            try (DefaultDevice cpu = DefaultDevice.of(Device.CPU)) {
                assertEquals(Device.CPU, new Linear(1, 1).weight.device());
                assertThrows(IllegalStateException.class, meta::close);
            }
            assertEquals(Device.META, new Linear(1, 1).weight.device());
            Device[] elsewhere = new Device[1];
            Throwable[] failed = new Throwable[1];
            Thread thread = new Thread(() -> {
                elsewhere[0] = new Linear(1, 1).weight.device();
                try {
                    meta.close();
                } catch (IllegalStateException e) {
                    failed[0] = e;
                }
            });
            thread.start();
            thread.join();
            assertEquals(Device.CPU, elsewhere[0]);
            assertNotNull(failed[0]);
        }
        assertEquals(Device.CPU, new Linear(1, 1).weight.device());
    }

    @Test
    void aModelOnTheMetaDeviceIsMovedAndLoaded() {
        Linear whole = new Linear(3, 2);
        Linear m = new Linear(3, 2, o -> o.device(Device.META));
        Parameter weight = m.weight;
        m.toEmpty(Device.CPU);
        m.loadStateDict(whole.stateDict());
        assertSame(weight, m.weight);
        assertTrue(m.weight.requiresGrad());
        assertEquals(Recording.bits(whole.weight), Recording.bits(m.weight));
    }
}
