package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.state.StateDict;
import org.jtorch.nn.utils.parametrize.Parametrize;
import org.junit.jupiter.api.Test;

/** {@link Buffer}: what it is created from, how its module treats it, and that its memory stays valid. */
@SuppressWarnings("UnusedVariable") // Reflection reads them.
class BufferTest {

    private abstract static class Plain extends Module<Tensor, Tensor> {
        @Override
        protected Tensor forward(Tensor x) {
            return x;
        }
    }

    /** The model of the README. */
    private static final class Mlp extends Module<Tensor, Tensor> {
        Linear fc = new Linear(2, 2);
        Buffer scale = new Buffer(Torch.ones(1));

        @Override
        protected Tensor forward(Tensor x) {
            return fc.call(x).mul(scale);
        }
    }

    // --- what it is --------------------------------------------------------------------------------------------

    @Test
    void sharesTheMemoryAndLeavesTheGraph() {
        Tensor data = Torch.ones(2);
        Buffer buffer = new Buffer(data);
        data.fill_(3);
        assertEquals(6, buffer.sum().item());
        assertTrue(buffer.isAliasOf(data));
        assertFalse(buffer.requiresGrad());
        Tensor computed = Torch.ones(new long[] {2}, TensorOptions.DEFAULT.requiresGrad(true))
                .mul(2);
        Buffer of = new Buffer(computed);
        assertTrue(of.isLeaf() && of.requiresGrad(), "as torch.nn.Buffer, which takes requires_grad from its data");
    }

    @Test
    void isPersistentUnlessItSaysOtherwise() {
        assertTrue(new Buffer(Torch.ones(1)).isPersistent());
        assertFalse(new Buffer(Torch.ones(1), o -> o.persistent(false)).isPersistent());
        class Two extends Plain {
            Buffer kept = new Buffer(Torch.ones(1));
            Buffer lost = new Buffer(Torch.ones(1), o -> o.persistent(false));
        }
        Two m = new Two();
        assertEquals(
                List.of("kept", "lost"),
                m.namedBuffers().stream().map(Named::name).toList());
        assertEquals(List.of("kept"), List.copyOf(m.stateDict().keySet()));
        Two copy = Module.deepCopy(m);
        assertEquals(List.of("kept"), List.copyOf(copy.stateDict().keySet()));
        assertNotSame(m.lost, copy.lost);
        assertFalse(copy.lost.isPersistent());
    }

    @Test
    void aFieldsValueTellsWhatItIs() {
        class Wide extends Plain {
            Tensor plain = Torch.ones(1);
            Tensor buffer = new Buffer(Torch.ones(1));
            Object any = new Buffer(Torch.ones(1), o -> o.persistent(false));
            Object weight = new Parameter(Torch.ones(1));
        }
        Wide m = new Wide();
        assertEquals(
                List.of("weight"), m.namedParameters().stream().map(Named::name).toList());
        assertEquals(
                List.of("buffer", "any"),
                m.namedBuffers().stream().map(Named::name).toList());
        assertEquals(
                List.of("plain"),
                m.unregisteredTensors().stream().map(Named::name).toList());
    }

    @Test
    void inAPlainCollectionItIsRefused() {
        class Hidden extends Plain {
            List<Buffer> buffers = List.of(new Buffer(Torch.ones(1)));
        }
        String message = assertThrows(IllegalStateException.class, () -> new Hidden().buffers())
                .getMessage();
        assertTrue(message.contains("holds a Buffer in a plain "), message);
        assertTrue(message.contains("use fields or registerBuffer"), message);
    }

    @Test
    void keepsItsIdentity() {
        Mlp m = new Mlp();
        Buffer scale = m.scale;
        m.toDouble();
        assertSame(scale, m.scale);
        assertEquals(DType.FLOAT64, scale.dtype());
        StateDict d = m.stateDict();
        d.put("scale", Torch.full(new long[] {1}, 4.0));
        m.loadStateDict(d, true, true);
        assertSame(scale, m.getBuffer("scale"));
        assertEquals(4, scale.item());
        assertEquals(DType.FLOAT32, scale.dtype());
    }

    // --- by name -----------------------------------------------------------------------------------------------

    @Test
    void registeringTakesABufferAsItIsAndMakesOneOfATensor() {
        Plain m = new Plain() {};
        Buffer made = new Buffer(Torch.ones(1), o -> o.persistent(false));
        m.registerBuffer("made", made);
        assertSame(made, m.getBuffer("made"));
        Tensor tensor = Torch.ones(2);
        m.registerBuffer("lost", tensor, false);
        m.registerBuffer("kept", tensor);
        assertTrue(m.getBuffer("kept").isAliasOf(tensor));
        assertEquals(List.of("kept"), List.copyOf(m.stateDict().keySet()));
        String message = assertThrows(IllegalArgumentException.class, () -> m.registerBuffer("other", made, true))
                .getMessage();
        assertEquals(
                "buffer 'other' was made not persistent and cannot be registered as persistent: use"
                        + " registerBuffer(name, buffer)",
                message);
        m.registerBuffer("other", made, false);
        assertEquals(3, m.buffers().size(), "a shared one once");
    }

    @Test
    void aFieldIsReplacedByWhatIsRegistered() {
        Mlp m = new Mlp();
        m.registerBuffer("scale", Torch.full(new long[] {1}, 2), false);
        assertEquals(2, m.scale.item());
        assertFalse(m.stateDict().containsKey("scale"));
        m.registerBuffer("scale", null);
        assertEquals(List.of(), m.buffers());
    }

    /** PyTorch 2.14: registered with persistent=True, and named parametrizations.scale.original. */
    @Test
    void aParametrizedBufferStaysABuffer() {
        Mlp m = new Mlp();
        Buffer scale = m.scale;
        Parametrize.registerParametrization(m, "scale", new Plain() {
            @Override
            protected Tensor forward(Tensor x) {
                return x.mul(3);
            }
        });
        assertEquals(3, m.scale.item());
        assertEquals(
                List.of("parametrizations.scale.original"),
                m.namedBuffers().stream().map(Named::name).toList());
        assertSame(scale, m.getBuffer("parametrizations.scale.original"));
        assertThrows(IllegalStateException.class, () -> m.scale.set(Torch.ones(1)));
        Mlp copy = Module.deepCopy(m);
        copy.getBuffer("parametrizations.scale.original").fill_(2);
        assertEquals(6, copy.scale.item());
        assertEquals(3, m.scale.item());
        Parametrize.removeParametrizations(m, "scale", false);
        assertSame(scale, m.scale);
        assertEquals(1, m.scale.item());
    }

    // --- what it holds lives -----------------------------------------------------------------------------------

    @Test
    void aModelMadeInAScopeCanBeCalledAfterIt() {
        Mlp m;
        try (TensorScope scope = new TensorScope()) {
            m = new Mlp();
        }
        assertEquals(2, m.call(Torch.ones(1, 2)).numel());
    }

    /** A running average: Python's {@code self.b = self.b * .9 + x.mean() * .1}. */
    private static final class Average extends Module<Tensor, Tensor> {
        Linear fc = new Linear(1, 1);
        Buffer b = new Buffer(Torch.ones(1));

        @Nullable
        Buffer late;

        @Override
        protected Tensor forward(Tensor x) {
            b.set(b.mul(0.9).add(x.mean(), 0.1));
            if (late == null) {
                late = new Buffer(x.mean());
            }
            return fc.call(x).mul(b).mul(late);
        }
    }

    @Test
    void aValueSetInInferAndInAScopeIsReadableAfterwards() {
        Average m = new Average();
        Buffer b = m.b;
        m.infer(Torch.full(new long[] {1, 1}, 2.0));
        assertEquals(1.1, b.item(), 1e-6);
        try (TensorScope scope = new TensorScope()) {
            m.call(Torch.full(new long[] {1, 1}, 2.0));
            m.infer(Torch.full(new long[] {1, 1}, 2.0));
        }
        assertEquals(1.271, b.item(), 1e-6);
        assertEquals(2, m.late.item());
        assertSame(b, m.b);
        assertEquals(1.271, m.stateDict().get("b").item(), 1e-6);
    }

    @Test
    void aValueSetInInferCanBeUsedInTraining() {
        Average m = new Average();
        m.infer(Torch.ones(1, 1));
        assertFalse(m.b.isInference() || m.late.isInference());
        m.call(Torch.ones(1, 1)).sum().backward();
        assertNotNull(m.fc.weight.grad());
        assertEquals(1, m.fc.weight.grad().item(), 1e-6);
    }

    @Test
    void whatIsMadeInInferenceModeIsFitForTraining() {
        Mlp m = new Mlp();
        Mlp copy;
        try (GradMode mode = Autograd.inferenceMode()) {
            m.toDouble();
            copy = Module.deepCopy(m);
        }
        for (Mlp one : List.of(m, copy)) {
            one.call(Torch.ones(new long[] {1, 2}, TensorOptions.of(DType.FLOAT64)))
                    .sum()
                    .backward();
            assertNotNull(one.fc.weight.grad());
        }
    }

    @Test
    void aValueOfAnotherKindIsTaken() {
        Buffer b = new Buffer(Torch.ones(2), o -> o.persistent(false));
        Tensor value = Torch.ones(new long[] {3, 1}, TensorOptions.of(DType.INT64));
        assertSame(b, b.set(value));
        assertEquals(DType.INT64, b.dtype());
        assertTrue(b.isAliasOf(value));
        Tensor weight = Torch.ones(new long[] {1}, TensorOptions.DEFAULT.requiresGrad(true));
        b.set(weight.mul(2));
        assertFalse(b.requiresGrad());
        assertFalse(b.isPersistent());
        UninitializedBuffer lazy = new UninitializedBuffer(TensorOptions.DEFAULT, o -> o.persistent(false));
        assertFalse(lazy.isPersistent());
        lazy.set(Torch.ones(2));
        assertFalse(lazy.isUninitialized());
        assertEquals(2, lazy.sum().item());
    }

    /** Python's {@code self.b += w} and then {@code self.b = …}, {@code m.double()}, or {@code load_state_dict(assign=True)}. */
    @Test
    void aBufferThatBecameAPartOfAGraphLeavesIt() {
        Mlp m = new Mlp();
        m.scale.add_(m.fc.weight.sum());
        assertTrue(m.scale.requiresGrad());
        m.scale.set(Torch.ones(1));
        assertEquals(1, m.scale.item());
        assertFalse(m.scale.requiresGrad());
        m.scale.add_(m.fc.weight.sum());
        m.toDouble();
        assertEquals(DType.FLOAT64, m.scale.dtype());
        m.scale.add_(m.fc.weight.sum());
        m.loadStateDict(new Mlp().stateDict(), true, true);
        assertEquals(1, m.scale.item());
    }

    // --- in functional calls -----------------------------------------------------------------------------------

    @Test
    void aValueSetInAFunctionalCallIsForThatCall() {
        Average m = new Average();
        m.late = new Buffer(Torch.ones(1));
        Tensor given = Torch.full(new long[] {1}, 10.0);
        Tensor y = Functional.call(m, Map.of("b", given), Torch.zeros(1, 1));
        assertEquals(9 * m.fc.bias.item(), y.item(), 1e-5);
        assertEquals(1, m.b.item());
        assertEquals(10, given.item());
    }

    @Test
    void aFunctionalCallGivesBackWhatWasGiven() {
        class Same extends Module<Tensor, Buffer> {
            Buffer b = new Buffer(Torch.ones(1));

            @Override
            protected Buffer forward(Tensor x) {
                return b;
            }
        }
        Module<Tensor, ? extends Tensor> m = new Same();
        Tensor y = Functional.call(m, Map.of("b", Torch.full(new long[] {1}, 5)), Torch.ones(1));
        assertEquals(5, y.item());
    }

    @Test
    void settingIsSafeWhileAnotherThreadCallsFunctionally() throws Exception {
        Average m = new Average();
        m.late = new Buffer(Torch.ones(1));
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            Future<List<Double>> functional = pool.submit(() -> {
                List<Double> found = new ArrayList<>();
                Tensor zero = Torch.zeros(1, 1);
                Map<String, Tensor> given = Map.of("b", Torch.full(new long[] {1}, 10.0), "fc.bias", Torch.ones(1));
                while (!stop.get() || found.isEmpty()) {
                    found.add(Functional.call(m, given, zero).item());
                }
                return found;
            });
            for (int i = 1; i <= 2000; i++) {
                m.b.set(Torch.full(new long[] {1}, i));
                assertEquals(i, m.b.item());
            }
            stop.set(true);
            functional.get().forEach(y -> assertEquals(9, y, 1e-5));
        } finally {
            stop.set(true);
            pool.shutdownNow();
        }
    }
}
