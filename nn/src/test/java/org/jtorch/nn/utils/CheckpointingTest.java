package org.jtorch.nn.utils;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.nn.Functional;
import org.jtorch.nn.Module;
import org.jtorch.nn.Named;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.Unregistered;
import org.jtorch.nn.activation.GELU;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.linear.Linear;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CheckpointingTest {

    /** A residual block with dropout. */
    static final class Block extends Module<Tensor, Tensor> {
        Linear up = new Linear(16, 64);
        GELU act = new GELU();
        Dropout drop = new Dropout(0.3);
        Linear down = new Linear(64, 16);

        @Override
        protected Tensor forward(Tensor x) {
            return x.add(down.call(drop.call(act.call(up.call(x)))));
        }
    }

    private static Sequential blocks(int count) {
        Sequential net = new Sequential();
        for (int i = 0; i < count; i++) {
            net.append(new Block());
        }
        return net;
    }

    private static int[] bits(Tensor tensor) {
        float[] values = tensor.detach().toFloatArray();
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    /** Returns the output, the next random number, and the gradients of input and parameters of a step with a fixed seed. */
    private static List<int[]> step(Module<?, ?> net, Tensor x, Supplier<Tensor> run) {
        net.zeroGrad();
        x.setGrad(null);
        Torch.manualSeed(5);
        List<int[]> seen = new ArrayList<>();
        Tensor y = run.get();
        seen.add(bits(y));
        y.mul(y).sum().backward();
        seen.add(bits(Torch.rand(3)));
        if (x.requiresGrad()) {
            seen.add(bits(x.grad()));
        }
        for (Named<Parameter> parameter : net.namedParameters()) {
            seen.add(bits(parameter.value().grad()));
        }
        return seen;
    }

    private static void assertSameBits(List<int[]> expected, List<int[]> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(Arrays.toString(expected.get(i)), Arrays.toString(actual.get(i)), "tensor " + i);
        }
    }

    private static Tensor each(Sequential net, Tensor x) {
        Tensor y = x;
        for (int i = 0; i < net.size(); i++) {
            y = Checkpointing.checkpoint(net.get(i), y);
        }
        return y;
    }

    @Test
    void gradientsAreThoseOfThePlainRun() {
        Torch.manualSeed(0);
        Sequential net = blocks(6);
        Tensor x = Torch.randn(5, 16).requiresGrad_(true);
        List<int[]> plain = step(net, x, () -> net.call(x));
        assertSameBits(plain, step(net, x, () -> each(net, x)));
        assertSameBits(plain, step(net, x, () -> Checkpointing.checkpoint(net, x)));
        for (int segments = 1; segments <= 6; segments++) {
            int count = segments;
            assertSameBits(plain, step(net, x, () -> Checkpointing.checkpointSequential(net, count, x)));
        }
    }

    /**
     * The map is so large that a linear layer may use another kernel for it. It must be the same one with and without
     * gradients.
     */
    @Test
    void gradientsOfALargeLinearLayerAreThoseOfThePlainRun() {
        Torch.manualSeed(0);
        Linear linear = new Linear(1024, 1024);
        Tensor x = Torch.randn(64, 1024).requiresGrad_(true);
        assertSameBits(
                step(linear, x, () -> linear.call(x)), step(linear, x, () -> Checkpointing.checkpoint(linear, x)));
    }

    /** A view of a parameter requires a gradient too, but it is created in the run and freed after it. */
    @Test
    void viewsOfParametersAreMadeAgain() {
        Torch.manualSeed(0);
        Parameter weight = new Parameter(Torch.randn(4, 3));
        Tensor x = Torch.randn(2, 3).requiresGrad_(true);
        Function<Tensor, Tensor> fn =
                in -> in.matmul(weight.view(2, 2, 3).select(0, 1).t());
        fn.apply(x).sum().backward();
        int[] expected = bits(weight.grad());
        weight.setGrad(null);
        Checkpointing.checkpoint(fn, x).sum().backward();
        assertEquals(Arrays.toString(expected), Arrays.toString(bits(weight.grad())));
    }

    @Test
    void inputsNeedNoGradient() {
        Torch.manualSeed(0);
        Sequential net = blocks(3);
        Tensor x = Torch.randn(5, 16);
        assertSameBits(step(net, x, () -> net.call(x)), step(net, x, () -> each(net, x)));
    }

    @Test
    void mayBeNested() {
        Torch.manualSeed(0);
        Sequential net = blocks(4);
        Tensor x = Torch.randn(5, 16).requiresGrad_(true);
        Function<Tensor, Tensor> nested = in -> Checkpointing.checkpoint(
                (Tensor a) -> each(net, Checkpointing.checkpoint((Tensor b) -> b.mul(2), a)), in);
        assertSameBits(step(net, x, () -> net.call(x.mul(2))), step(net, x, () -> nested.apply(x)));
    }

    @Test
    void inAScopeEachStep() {
        Torch.manualSeed(0);
        Sequential net = blocks(3);
        Tensor x = Torch.randn(5, 16).requiresGrad_(true);
        List<int[]> plain = step(net, x, () -> net.call(x));
        try (TensorScope scope = new TensorScope()) {
            assertSameBits(plain, step(net, x, () -> each(net, x)));
        }
        assertSameBits(plain, step(net, x, () -> each(net, x)));
    }

    @Test
    void randomNumbersAreOthersUnlessPreserved() {
        Tensor x = Torch.ones(64).requiresGrad_(true);
        Function<Tensor, Tensor> drop = in -> Torch.rand(64).mul(in);
        Torch.manualSeed(1);
        Tensor y = Checkpointing.checkpoint(drop, x);
        y.sum().backward();
        assertEquals(Arrays.toString(bits(y)), Arrays.toString(bits(x.grad())));
        x.setGrad(null);
        Tensor z = Checkpointing.checkpoint(drop, x, o -> o.preserveRngState(false));
        z.sum().backward();
        assertFalse(Arrays.equals(bits(z), bits(x.grad())));
    }

    @Test
    void tensorsUsedBesidesTheInputHaveGradients() {
        Tensor x = Torch.ones(2).requiresGrad_(true);
        Tensor w = Torch.tensor(new float[] {2, 3}).requiresGrad_(true);
        Tensor inner = w.mul(10);
        Tensor frozen = Torch.ones(2);
        Tensor y = Checkpointing.checkpoint(
                (Tensor in) -> in.mul(inner).mul(inner).add(frozen).add(w), x);
        y.sum().backward();
        // y = x (10 w)^2 + 1 + w
        assertEquals(List.of(401f, 601f), floats(w.grad()));
        assertEquals(List.of(400f, 900f), floats(x.grad()));
        assertNull(frozen.grad());
    }

    @Test
    void anInputMayBeUsedFromOutsideToo() {
        Tensor x = Torch.tensor(new float[] {2, 3}).requiresGrad_(true);
        Checkpointing.checkpoint((Tensor in) -> in.mul(in).mul(x), x).sum().backward();
        assertEquals(List.of(12f, 27f), floats(x.grad()));
        x.setGrad(null);
        Checkpointing.checkpoint((Tensor in) -> in, x).mul(5).sum().backward();
        assertEquals(List.of(5f, 5f), floats(x.grad()));
    }

    @Test
    void oneTensorInTwoObjectsIsOneTensor() {
        Linear linear = new Linear(2, 2, o -> o.bias(false));
        Tensor weight = Torch.tensor(new float[][] {{1, 2}, {3, 4}}).requiresGrad_(true);
        Tensor x = Torch.tensor(new float[] {5, 6});
        // The layer's own object and the given one hold the same tensor.
        Functional.call(
                        Checkpointed.of(in -> linear.call(in).add(weight.sum()), linear),
                        Map.of("linear.weight", weight),
                        x)
                .sum()
                .backward();
        assertEquals(List.of(7f, 8f, 7f, 8f), floats(weight.grad().flatten()));
    }

    /** A checkpointed computation around a layer. */
    static final class Checkpointed extends Module<Tensor, Tensor> {
        @Unregistered
        UnaryOperator<Tensor> fn = x -> x;

        @Nullable
        Linear linear;

        static Checkpointed of(UnaryOperator<Tensor> fn, Linear linear) {
            Checkpointed made = new Checkpointed();
            made.fn = fn;
            made.linear = linear;
            return made;
        }

        @Override
        protected Tensor forward(Tensor x) {
            return Checkpointing.checkpoint(fn::apply, x);
        }
    }

    @Test
    @Timeout(60)
    void threadsMayShareParameters() throws Exception {
        int threads = 4;
        Torch.manualSeed(0);
        Sequential net = new Sequential(new Linear(8, 32), new GELU(), new Linear(32, 8));
        List<Parameter> parameters = net.parameters();
        List<Tensor> inputs = new ArrayList<>();
        List<List<int[]>> expected = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            Tensor x = Torch.randn(5, 8).mul(t + 1);
            inputs.add(x);
            expected.add(gradients(net.call(x), parameters));
        }
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            CyclicBarrier start = new CyclicBarrier(threads);
            List<Future<?>> done = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int mine = t;
                done.add(executor.submit(() -> {
                    start.await();
                    for (int i = 0; i < 200; i++) {
                        try (TensorScope scope = new TensorScope()) {
                            Tensor y = Checkpointing.checkpoint(
                                    net::call, inputs.get(mine), o -> o.preserveRngState(false));
                            assertSameBits(expected.get(mine), gradients(y, parameters));
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> future : done) {
                future.get();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private static List<int[]> gradients(Tensor y, List<Parameter> parameters) {
        return Autograd.grad(List.of(y.mul(y).sum()), parameters).stream()
                .map(CheckpointingTest::bits)
                .toList();
    }

    private static List<Float> floats(Tensor tensor) {
        List<Float> list = new ArrayList<>();
        for (float value : tensor.detach().toFloatArray()) {
            list.add(value);
        }
        return list;
    }

    /** Two tensors and a number. */
    record Arguments(Tensor a, double factor, Tensor b) {}

    @Test
    void takesAndGivesTrees() {
        Tensor a = Torch.tensor(new float[] {1, 2}).requiresGrad_(true);
        Tensor b = Torch.tensor(new float[] {3, 4});
        List<Tensor> outputs = Checkpointing.checkpoint(
                in -> List.of(
                        in.a().mul(in.factor()), in.a().mul(in.b()), in.b().argmax()),
                new Arguments(a, 5, b));
        assertEquals(3, outputs.size());
        outputs.get(1).sum().backward();
        assertEquals(List.of(3f, 4f), floats(a.grad()));
        assertFalse(outputs.get(2).requiresGrad());
    }

    @Test
    void onlyWhatIsWantedIsComputed() {
        Linear linear = new Linear(2, 2);
        Tensor x = Torch.ones(1, 2).requiresGrad_(true);
        Tensor y = Checkpointing.checkpoint(linear, x);
        List<Tensor> grads = Autograd.grad(List.of(y.sum()), List.of(linear.weight));
        assertEquals(List.of(1f, 1f, 1f, 1f), floats(grads.get(0)));
        assertNull(x.grad());
        assertNull(linear.weight.grad());
    }

    @Test
    void isDifferentiatedTwice() {
        Tensor x = Torch.tensor(new float[] {1, 2}).requiresGrad_(true);
        Tensor w = Torch.tensor(new float[] {3, 4}).requiresGrad_(true);
        Tensor y = Checkpointing.checkpoint((Tensor in) -> in.mul(in).mul(in).mul(w), x);
        Tensor g = Autograd.grad(y.sum(), x, true);
        assertEquals(List.of(9f, 48f), floats(g)); // 3 x^2 w
        g.sum().backward();
        assertEquals(List.of(18f, 48f), floats(x.grad())); // 6 x w
        assertEquals(List.of(3f, 12f), floats(w.grad())); // 3 x^2
    }

    @Test
    void isDifferentiatedTwiceThroughWhatCameBefore() {
        Tensor w = Torch.tensor(new float[] {1, 2}).requiresGrad_(true);
        Tensor inner = w.mul(3);
        Function<Tensor, Tensor> fn = in -> in.mul(inner).mul(w); // Of x = w^2: 3 w^4.
        Tensor g = Autograd.grad(Checkpointing.checkpoint(fn, w.mul(w)).sum(), w, true);
        assertEquals(List.of(12f, 96f), floats(g)); // 12 w^3
        Tensor gg = Autograd.grad(g.sum(), w, true);
        assertEquals(List.of(36f, 144f), floats(gg)); // 36 w^2
        assertEquals(List.of(72f, 144f), floats(Autograd.grad(gg.sum(), w))); // 72 w
    }

    @Test
    void hooksOfParametersRunOnce() {
        Parameter w = new Parameter(Torch.tensor(new float[] {3, 4}));
        w.registerHook(grad -> grad.mul(10));
        Checkpointing.checkpoint((Tensor in) -> in.mul(w), Torch.ones(2)).sum().backward();
        assertEquals(List.of(10f, 10f), floats(w.grad()));
    }

    @Test
    void nothingIsRecordedWhereNothingNeedsIt() {
        int[] runs = new int[1];
        Function<Tensor, Tensor> fn = x -> {
            runs[0]++;
            return x.mul(2);
        };
        assertFalse(Checkpointing.checkpoint(fn, Torch.ones(2)).requiresGrad());
        Tensor leaf = Torch.ones(2).requiresGrad_(true);
        assertFalse(Autograd.noGrad(() -> Checkpointing.checkpoint(fn, leaf)).requiresGrad());
        assertEquals(2, runs[0]);
        assertTrue(Checkpointing.checkpoint(fn, leaf).requiresGrad());
    }

    @Test
    void graphIsFreedByABackward() {
        Tensor x = Torch.ones(2).requiresGrad_(true);
        Tensor y = Checkpointing.checkpoint((Tensor in) -> in.exp(), x).sum();
        y.backward(null, true, false);
        y.backward();
        TorchException e = assertThrows(TorchException.class, y::backward);
        assertTrue(e.getMessage().contains("a second time"), e.getMessage());
    }

    @Test
    void saysWhatCannotRunAgain() {
        Tensor x = Torch.ones(2).requiresGrad_(true);
        TorchException inPlace =
                assertThrows(TorchException.class, () -> Checkpointing.checkpoint((Tensor in) -> in.add_(1), x.mul(1)));
        assertTrue(inPlace.getMessage().contains("input 0 in place"), inPlace.getMessage());

        int[] runs = new int[1];
        Tensor y = Checkpointing.checkpoint((Tensor in) -> in.mul(2).narrow(0, 0, ++runs[0]), x);
        TorchException other = assertThrows(TorchException.class, () -> y.sum().backward());
        assertTrue(other.getMessage().contains("has to do the same both times"), other.getMessage());

        IllegalArgumentException segments = assertThrows(
                IllegalArgumentException.class,
                () -> Checkpointing.checkpointSequential(new Sequential(new ReLU()), 2, x));
        assertEquals("segments is 2 and has to be between 1 and the 1 modules there are", segments.getMessage());
    }

    @Test
    void whatTheComputationThrowsIsThrown() {
        Tensor x = Torch.ones(2).requiresGrad_(true);
        IllegalStateException e = assertThrows(
                IllegalStateException.class,
                () -> Checkpointing.checkpoint(
                        (Tensor in) -> {
                            throw new IllegalStateException("boom");
                        },
                        x));
        assertEquals("boom", e.getMessage());
        assertTrue(Autograd.isGradEnabled());
    }
}
