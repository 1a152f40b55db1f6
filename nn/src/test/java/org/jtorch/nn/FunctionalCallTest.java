package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.BatchNorm1d;
import org.junit.jupiter.api.Test;

/** Functional calls give PyTorch's results: parity/record/parametrize.py has the same scenarios. */
class FunctionalCallTest {

    private static final Map<String, String> RECORDED = Recording.read("functional.txt");

    private static final class Tied extends Module<Tensor, Tensor> {
        Parameter foo = new Parameter(grid(2));
        Parameter fooTied = foo;

        Buffer bar = new Buffer(Torch.ones(2));

        @Override
        protected Tensor forward(Tensor x) {
            bar.add_(1);
            return x.mul(foo).add(fooTied.mul(bar));
        }
    }

    private static final class Net extends Module<Tensor, Tensor> {
        Linear fc = new Linear(3, 2);
        BatchNorm1d bn = new BatchNorm1d(2);
        Linear out = new Linear(2, 2, o -> o.bias(false));

        @Override
        protected Tensor forward(Tensor x) {
            return out.call(bn.call(fc.call(x).tanh()));
        }
    }

    private static Tensor grid(long... shape) {
        long n = 1;
        for (long s : shape) {
            n *= s;
        }
        Tensor i = Torch.arange(1, n + 1, 1).to(DType.FLOAT32);
        return i.sin().add(i.div(2 * n)).reshape(shape);
    }

    private static void assertRecorded(String key, Tensor actual) {
        Recording.assertClose(RECORDED.get(key), actual);
    }

    private static void assertFails(String key, Class<? extends RuntimeException> type, Runnable call) {
        String expected = RECORDED.get(key);
        RuntimeException e = assertThrows(type, call::run);
        assertEquals(expected.substring(expected.indexOf(": ") + 2), e.getMessage());
    }

    @Test
    void gradientsAndSecondOnesFlowToWhatIsGiven() {
        Torch.manualSeed(0);
        Net net = new Net();
        Tensor fc = grid(2, 3).requiresGrad_();
        Tensor out = grid(2, 2).requiresGrad_();
        Tensor mean = Torch.zeros(2);
        Tensor y =
                Functional.call(net, Map.of("fc.weight", fc, "out.weight", out, "bn.running_mean", mean), grid(4, 3));
        assertRecorded("net", y);
        assertRecorded("net running_mean given", mean);
        assertRecorded("net running_mean own", net.bn.runningMean);
        assertRecorded("net num_batches_tracked own", net.bn.numBatchesTracked);
        List<Tensor> first = Autograd.grad(List.of(y.mul(y).mul(y).sum()), List.of(fc, out), true);
        assertRecorded("net grad fc", first.get(0));
        assertRecorded("net grad out", first.get(1));
        List<Tensor> second = Autograd.grad(
                List.of(first.get(0).pow(2).sum().add(first.get(1).pow(2).sum())), List.of(fc, out));
        assertRecorded("net grad grad fc", second.get(0));
        assertRecorded("net grad grad out", second.get(1));
        assertEquals(null, net.fc.weight.grad());
    }

    @Test
    void anAbsentParameterCanBeGivenAndOneTakenAway() {
        Linear none = new Linear(2, 2, o -> o.bias(false));
        Map<String, Tensor> both = Map.of("weight", grid(2, 2), "bias", grid(2));
        assertRecorded("absent bias given", Functional.call(none, both, grid(3, 2)));
        assertEquals(null, none.bias);
        Linear some = new Linear(2, 2);
        Parameter bias = some.bias;
        Map<String, Tensor> noBias = new HashMap<>();
        noBias.put("weight", grid(2, 2));
        noBias.put("bias", null);
        assertRecorded("bias taken away", Functional.call(some, noBias, grid(3, 2)));
        assertSame(bias, some.bias);
    }

    @Test
    void tiedWeightsAreReplacedTogetherOrApart() {
        Tied tied = new Tied();
        Tensor x = Torch.tensor(new float[] {1f, 2f}, 2);
        Tensor given = Torch.tensor(new float[] {3f, 4f}, 2);
        assertRecorded("tied", Functional.call(tied, Map.of("foo", given), x));
        assertRecorded("tied by the other name", Functional.call(tied, Map.of("foo_tied", given), x));
        Parameter before = tied.foo;
        assertRecorded("untied", Functional.call(tied, Map.of("foo", given), x, o -> o.tieWeights(false)));
        assertSame(before, tied.foo);
        Tensor one = Torch.tensor(new float[] {5f, 6f}, 2);
        assertRecorded("tied twice", Functional.call(tied, Map.of("foo", one, "foo_tied", one), x));
        assertRecorded("several", Functional.call(tied, List.of(Map.of("foo", one), Map.of("bar", Torch.zeros(2))), x));
        Map<String, Tensor> unknown = Map.of("baz", one, "foo", one, "bar", Torch.zeros(2));
        assertRecorded("unknown key", Functional.call(tied, unknown, x));
        Map<String, Tensor> exact = Map.of("foo", one, "bar", Torch.zeros(2));
        assertRecorded("strict", Functional.call(tied, exact, x, o -> o.strict(true)));
        String[] own = RECORDED.get("own after").split("\n");
        Recording.assertClose(own[0], tied.foo);
        Recording.assertClose(own[1], tied.fooTied);
    }

    @Test
    void errorsAreThoseOfPyTorch() {
        Tied tied = new Tied();
        Tensor one = Torch.tensor(new float[] {5f, 6f}, 2);
        assertFails(
                "tied apart",
                IllegalArgumentException.class,
                () -> Functional.call(tied, Map.of("foo", one, "foo_tied", Torch.zeros(2)), one));
        Map<String, Tensor> wrong = Map.of("foo", one, "baz", one, "a.b", one);
        assertFails(
                "strict missing and unexpected",
                TorchException.class,
                () -> Functional.call(tied, wrong, one, o -> o.strict(true)));
        assertFails(
                "strict missing",
                TorchException.class,
                () -> Functional.call(tied, Map.of(), one, o -> o.strict(true)));
        assertFails(
                "repeated",
                IllegalArgumentException.class,
                () -> Functional.call(tied, List.of(Map.of("foo", one, "bar", one), Map.of("foo", one)), one));
        assertFails(
                "no such module",
                IllegalArgumentException.class,
                () -> Functional.call(new Net(), Map.of("head.weight", one), one));
    }

    @Test
    void allIsAsBeforeWhenForwardThrows() {
        Linear linear = new Linear(2, 2);
        Parameter weight = linear.weight;
        String before = Recording.bits(weight);
        assertThrows(
                TorchException.class, () -> Functional.call(linear, Map.of("weight", Torch.zeros(2, 5)), grid(3, 2)));
        assertSame(weight, linear.weight);
        assertEquals(before, Recording.bits(weight));
        assertFalse(weight.isClosed());
    }

    @Test
    void aBufferThatIsSetHoldsItsOwnAfterwards() {
        class Counter extends Module<Tensor, Tensor> {
            Buffer count = new Buffer(Torch.zeros(1));

            @Override
            protected Tensor forward(Tensor x) {
                count.set(count.add(x));
                return count;
            }
        }
        Counter counter = new Counter();
        Tensor own = counter.count;
        assertEquals(
                7,
                Functional.call(
                                counter,
                                Map.of("count", Torch.full(new long[] {1}, 5.0)),
                                Torch.full(new long[] {1}, 2.0))
                        .item());
        assertSame(own, counter.count);
        assertEquals(0, counter.count.item());
    }

    @Test
    void parametersMayBeGivenForEachOtherAndCallsNest() {
        class Two extends Module<Tensor, Tensor> {
            Parameter a = new Parameter(Torch.full(new long[] {1}, 2.0));
            Parameter b = new Parameter(Torch.full(new long[] {1}, 3.0));

            @Override
            protected Tensor forward(Tensor x) {
                return x.mul(a).sub(b);
            }
        }
        Two two = new Two();
        Tensor ten = Torch.full(new long[] {1}, 10.0);
        Map<String, Tensor> swapped = Map.of("a", two.b, "b", two.a);
        Tensor y = Functional.call(two, swapped, ten);
        assertEquals(28, y.item());
        y.backward();
        assertEquals(10, two.b.grad().item());
        assertEquals(-1, two.a.grad().item());
        class Outer extends Module<Tensor, Tensor> {
            Two inner;

            Outer(Two inner) {
                this.inner = inner;
            }

            @Override
            protected Tensor forward(Tensor x) {
                return Functional.call(inner, Map.of("a", inner.b, "b", inner.a), x)
                        .add(inner.call(x));
            }
        }
        Tensor four = Torch.full(new long[] {1}, 4.0);
        // In the outer call, a is 4: the inner call gives 10 * 3 - 4, then 10 * 4 - 3.
        assertEquals(
                63,
                Functional.call(new Outer(two), Map.of("inner.a", four), ten).item());
        assertEquals(17, two.call(ten).item());
    }

    @Test
    void theGivenTensorsMayLiveInAScope() {
        Linear linear = new Linear(2, 2);
        for (int i = 0; i < 3; i++) {
            try (TensorScope scope = new TensorScope()) {
                Tensor w = linear.weight.mul(i).requiresGrad_();
                Functional.call(linear, Map.of("weight", w), grid(3, 2)).sum().backward();
            }
        }
        assertEquals(2, linear.call(grid(1, 2)).numel());
    }

    @Test
    void threadsEachSeeTheirOwn() throws Exception {
        Linear linear = new Linear(4, 4);
        linear.eval();
        Tensor x = grid(3, 4);
        String plain = Recording.bits(linear.infer(x));
        CountDownLatch start = new CountDownLatch(8);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<String>> failures = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                int scale = thread;
                failures.add(threads.submit(() -> {
                    Map<String, Tensor> given = new LinkedHashMap<>();
                    given.put("weight", grid(4, 4).mul(scale));
                    given.put("bias", grid(4));
                    String expected = Recording.bits(F.linear(x, given.get("weight"), given.get("bias")));
                    start.countDown();
                    start.await();
                    for (int i = 0; i < 200; i++) {
                        String actual =
                                Recording.bits(scale % 4 == 0 ? linear.infer(x) : Functional.call(linear, given, x));
                        if (!actual.equals(scale % 4 == 0 ? plain : expected)) {
                            return "thread " + scale + ", call " + i;
                        }
                    }
                    return "";
                }));
            }
            for (Future<String> failure : failures) {
                assertEquals("", failure.get());
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(plain, Recording.bits(linear.infer(x)));
    }
}
