package org.jtorch.benchmarks.peer;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.distributed.Distributed;
import org.jtorch.distributed.DistributedDataParallel;
import org.jtorch.distributed.ProcessGroup;
import org.jtorch.nn.Module;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.linear.Linear;

/**
 * A step of data parallel training, and its parts, as one process of a group. All processes make the same numbers of calls, so that these
 * cases do not use {@link Bench}, which measures how many it needs.
 */
final class DataParallelCases {

    private static final int WARM_UP = 40;
    private static final int REPEATS = 7;
    private static final int INNER = 8;

    private DataParallelCases() {}

    static void run(PrintWriter out) {
        Torch.setNumThreads(1);
        try (ProcessGroup group = Distributed.init()) {
            Torch.manualSeed(0);
            Map<String, Module<Tensor, Tensor>> layers = new LinkedHashMap<>();
            for (int i = 0; i < 8; i++) {
                layers.put("linear" + i, new Linear(1024, 1024));
                layers.put("relu" + i, new ReLU());
            }
            var model = new DistributedDataParallel<>(
                    new Sequential(layers), o -> o.gradientAsBucketView(true).bucketCapMb(4));
            Tensor x = Torch.randn(64, 1024);
            Runnable step = () -> {
                try (TensorScope scope = new TensorScope()) {
                    model.parameters().forEach(each -> each.setGrad(null));
                    model.call(x).sum().backward();
                }
            };
            measure(out, group, "ddp/compute", () -> {
                try (DistributedDataParallel.NoSync local = model.noSync()) {
                    step.run();
                }
            });
            long all = model.parameters().stream().mapToLong(Tensor::numel).sum();
            reduce(out, group, "ddp/allreduce", all);
            measure(out, group, "ddp/step", step);
            reduce(out, group, "ddp/allreduce_4kib", 1 << 10);
            reduce(out, group, "ddp/allreduce_1mib", 1 << 18);
            reduce(out, group, "ddp/allreduce_25mib", 25 << 18);
        }
    }

    private static void reduce(PrintWriter out, ProcessGroup group, String name, long numel) {
        Tensor flat = Torch.zeros(numel);
        measure(out, group, name, () -> group.allReduce(flat));
    }

    private static void measure(PrintWriter out, ProcessGroup group, String name, Runnable body) {
        for (int i = 0; i < WARM_UP; i++) {
            body.run();
        }
        double[] samples = new double[REPEATS];
        for (int r = 0; r < REPEATS; r++) {
            group.barrier();
            long start = System.nanoTime();
            for (int i = 0; i < INNER; i++) {
                body.run();
            }
            samples[r] = (System.nanoTime() - start) / 1e3 / INNER;
        }
        Arrays.sort(samples);
        out.printf(Locale.ROOT, "%s\tus\t%.2f\t%.2f%n", name, samples[0], samples[REPEATS / 2]);
        out.flush();
    }
}
