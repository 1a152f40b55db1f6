package org.jtorch.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jtorch.ProcessMemory;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.internal.engine.Lifelines;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Callbacks live as long as their graphs, whatever the collector does in between. */
@Tag("slow")
class GraphLifetimeTest {

    private static final int GRAPHS = 50_000;
    private static final int THREADS = 2;

    private final AtomicInteger hookCalls = new AtomicInteger();
    private final AtomicInteger leafHookCalls = new AtomicInteger();

    /** One graph of custom functions and hooks, put to one of several uses. */
    private void graph(int n, Tensor weight, List<Tensor> kept) {
        Tensor x = Torch.ones(8).requiresGrad_();
        x.registerHook(grad -> {
            leafHookCalls.incrementAndGet();
            return grad.mul(1);
        });
        Tensor h = FunctionTest.EXP.apply(x.mul(0.1));
        h.registerHook(grad -> {
            hookCalls.incrementAndGet();
            return null;
        });
        List<Tensor> mixed = FunctionTest.MIX.applyAll(h, weight, x);
        Tensor loss = mixed.get(0).add(mixed.get(1)).sum();
        switch (n % 5) {
            case 0 -> {} // never run
            case 1 -> loss.backward();
            case 2 -> {
                loss.backward(null, true, false);
                loss.backward();
            }
            case 3 -> {
                Tensor grad = Autograd.grad(loss, x, true);
                Autograd.grad(grad.sum(), x);
            }
            default -> { // run later, when its tensors are long collected
                if (kept.size() > 20) {
                    kept.remove(0).backward();
                }
                kept.add(loss);
            }
        }
    }

    private void graphs(int count) {
        Tensor weight = Torch.rand(8).requiresGrad_();
        List<Tensor> kept = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            if (n % 3 == 0) {
                try (TensorScope scope = new TensorScope()) {
                    graph(n, weight, kept);
                    if (n % 5 == 4) {
                        scope.keep(kept.get(kept.size() - 1));
                    }
                }
            } else {
                graph(n, weight, kept);
            }
        }
    }

    private void onThreads(int each) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<Void>> done = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                done.add(threads.submit((Callable<Void>) () -> {
                    graphs(each);
                    return null;
                }));
            }
            for (Future<Void> future : done) {
                future.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    private static int lifelinesAfterCollection() throws InterruptedException {
        for (int i = 0; i < 50 && Lifelines.count() > 0; i++) {
            System.gc();
            Thread.sleep(50);
            Lifelines.drain();
        }
        return Lifelines.count();
    }

    @Test
    void noneCrashesAndNoneLeaks() throws Exception {
        Thread collector = new Thread(() -> {
            try {
                while (true) {
                    Thread.sleep(40);
                    System.gc();
                }
            } catch (InterruptedException end) {
                Thread.currentThread().interrupt();
            }
        });
        collector.setDaemon(true);
        collector.start();
        try {
            onThreads(GRAPHS / 10 / THREADS);
            assertEquals(0, lifelinesAfterCollection());
            long before = ProcessMemory.resident();
            onThreads(GRAPHS / THREADS);
            assertEquals(0, lifelinesAfterCollection());
            long grown = ProcessMemory.resident() - before;
            assertTrue(grown < 48L << 20, "resident memory grew by " + (grown >> 10) + " KiB");
        } finally {
            collector.interrupt();
            collector.join();
        }
        int graphs = GRAPHS + GRAPHS / 10;
        // 1 call for each graph of case 1, 2 of case 2, 1 of case 3, at most 1 of the last
        assertTrue(hookCalls.get() >= graphs / 5 * 4, "hooks were called " + hookCalls + " times");
        assertTrue(leafHookCalls.get() >= graphs / 5 * 4, "hooks of leaves were called " + leafHookCalls + " times");
    }
}
