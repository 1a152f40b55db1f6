package org.jtorch.benchmarks.peer;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.models.Mlp;
import org.jtorch.nn.rnn.LSTM;

/** The throughput of threads that call one model at the same time: the time of one call is that of all, divided by their number. */
final class ServingCases {

    private ServingCases() {}

    static void run(Bench bench) {
        if (!bench.wanted("serve/")) {
            return;
        }
        Mlp mlp = new Mlp(784, 512, 10);
        mlp.eval();
        Tensor x = Torch.randn(1, 784);
        for (int callers : new int[] {1, 2, 4, 8}) {
            measure(bench, "serve/mlp_784_callers" + callers, callers, 500, () -> mlp.infer(x));
        }
        LSTM lstm = new LSTM(128, 256, o -> o.numLayers(2).batchFirst(true));
        lstm.eval();
        LSTM.Input series = new LSTM.Input(Torch.randn(8, 50, 128), null, null);
        for (int callers : new int[] {1, 2}) {
            measure(bench, "serve/lstm_b8_s50_callers" + callers, callers, 20, () -> lstm.infer(series));
        }
    }

    private static void measure(Bench bench, String name, int callers, int calls, Runnable call) {
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        List<Callable<Void>> work = Collections.nCopies(callers, () -> {
            for (int i = 0; i < calls; i++) {
                try (TensorScope scope = new TensorScope()) {
                    call.run();
                }
            }
            return null;
        });
        try {
            bench.measure(name, 1, 7, calls * callers, () -> all(threads, work));
        } finally {
            threads.shutdown();
        }
    }

    private static void all(ExecutorService threads, List<Callable<Void>> work) {
        try {
            for (Future<Void> each : threads.invokeAll(work)) {
                each.get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("a caller failed", e);
        }
    }
}
