package org.jtorch;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jtorch.autograd.Autograd;

/** A training step on 1 MiB activations, over and over, in a process of its own: prints seconds, greatest and grown size. */
final class MemorySoak {

    /** The JVM's compiler is taken to be done when it has done nothing for so many iterations. */
    private static final int QUIET = 200;

    private static final int MOST_WARM_UP = 5000;

    private MemorySoak() {}

    public static void main(String[] args) throws IOException {
        boolean scoped = args[0].equals("scoped");
        int iterations = Integer.parseInt(args[1]);
        touchYoungGeneration();
        Torch.manualSeed(0);
        Tensor x = Torch.randn(512, 512);
        Tensor y = Torch.randn(512, 512);
        Tensor w = Torch.randn(512, 512).mul(0.04).requiresGrad_();
        Tensor b = Torch.zeros(512).requiresGrad_();
        Runnable step = () -> {
            if (scoped) {
                try (TensorScope scope = new TensorScope()) {
                    step(x, y, w, b);
                }
            } else {
                step(x, y, w, b);
            }
        };
        warmUp(step);
        long warm = residentBytes();
        long greatest = warm;
        long start = System.nanoTime();
        for (int i = 0; i < iterations; i++) {
            step.run();
            if (i % 10 == 0) {
                greatest = Math.max(greatest, residentBytes());
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.println(seconds + " " + greatest + " " + (greatest - warm));
    }

    /** Runs until the JVM has compiled what runs: its compiler's memory is not the loop's. */
    private static void warmUp(Runnable step) {
        long compiled = 0;
        int quiet = 0;
        for (int i = 0; i < MOST_WARM_UP && quiet < QUIET; i++) {
            step.run();
            long now = ManagementFactory.getCompilationMXBean().getTotalCompilationTime();
            quiet = now == compiled ? quiet + 1 : 0;
            compiled = now;
        }
    }

    /** Java's own heap takes its pages one after another, until the collector has been round: so that it is left out. */
    private static void touchYoungGeneration() {
        long sum = 0;
        long rounds = collections();
        while (collections() < rounds + 12) {
            sum += new byte[64 << 10].length;
        }
        if (sum == 0) {
            throw new IllegalStateException("the collector never ran");
        }
    }

    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }

    private static void step(Tensor x, Tensor y, Tensor w, Tensor b) {
        w.setGrad(null);
        b.setGrad(null);
        x.linear(w, b).relu().mseLoss(y, 1).backward();
        Autograd.noGrad(() -> {
            w.sub_(w.grad().mul(0.01));
            b.sub_(b.grad().mul(0.01));
        });
    }

    private static long residentBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
            }
        }
        throw new IOException("/proc/self/status has no VmRSS");
    }
}
