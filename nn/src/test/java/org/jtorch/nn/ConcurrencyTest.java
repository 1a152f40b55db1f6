package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jtorch.RemovableHandle;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.flatten.Flatten;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.BatchNorm2d;
import org.junit.jupiter.api.Test;

/** A module in eval mode may be called by several threads at the same time. */
class ConcurrencyTest {

    private static final class Net extends Module<Tensor, Tensor> {
        Sequential body = new Sequential(new Conv2d(1, 4, 3), new BatchNorm2d(4), new ReLU(), new Flatten());
        ModuleList<Linear> heads = new ModuleList<>(new Linear(16, 8), new Linear(8, 3));
        Dropout drop = new Dropout(0.5);

        @Override
        protected Tensor forward(Tensor x) {
            Tensor y = body.call(x);
            for (Linear head : heads) {
                y = drop.call(head.call(y));
            }
            return y;
        }
    }

    @Test
    void eightThreadsGetWhatOneGets() throws Exception {
        Torch.manualSeed(0);
        Net net = new Net();
        net.eval();
        assertEightThreadsGetWhatOneGets(net);
    }

    @Test
    void eightThreadsGetWhatOneGetsThroughHooks() throws Exception {
        Torch.manualSeed(0);
        Net net = new Net();
        net.eval();
        AtomicInteger calls = new AtomicInteger();
        for (Module<?, ?> module : net.modules()) {
            module.registerForwardPreHook((m, x) -> {
                calls.incrementAndGet();
                return null;
            });
        }
        net.heads.get(0).registerForwardPreHook((m, x) -> x.mul(2));
        net.heads.get(1).registerForwardHook((m, x, y) -> y.add(x.sum()));
        net.registerFullBackwardHook((m, in, out) -> null);
        // Other hooks are added and removed all the time.
        try (RemovableHandle handle = GlobalHooks.registerModuleForwardHook((m, x, y) -> {
            m.registerForwardHook((n, in, out) -> null).remove();
            return null;
        })) {
            assertEightThreadsGetWhatOneGets(net);
        }
        int each = 10; // The net, its body and its four parts, two heads, and the dropout twice.
        assertEquals((8 + 8 * 25 * 2) * each, calls.get());
    }

    private static void assertEightThreadsGetWhatOneGets(Net net) throws Exception {
        List<Tensor> inputs = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            inputs.add(Torch.randn(2, 1, 4, 4));
            expected.add(Recording.bits(net.infer(inputs.get(i))));
        }
        CountDownLatch start = new CountDownLatch(8);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<List<String>>> results = new ArrayList<>();
            for (Tensor input : inputs) {
                results.add(threads.submit(() -> {
                    start.countDown();
                    start.await();
                    List<String> bits = new ArrayList<>();
                    for (int i = 0; i < 25; i++) {
                        bits.add(Recording.bits(net.infer(input)));
                        bits.add(Recording.bits(net.call(input)));
                    }
                    return bits;
                }));
            }
            for (int i = 0; i < 8; i++) {
                for (String bits : results.get(i).get()) {
                    assertEquals(expected.get(i), bits, "thread " + i);
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
