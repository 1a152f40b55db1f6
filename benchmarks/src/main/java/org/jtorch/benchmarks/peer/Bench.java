package org.jtorch.benchmarks.peer;

import java.io.PrintWriter;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Times cases and prints a row each: name, unit, best and median of the repeats, in microseconds a call. A case is warmed up
 * first, until the JVM has compiled what runs often: its compiler's threads would take cores from the kernels'.
 */
public final class Bench {

    private static final long MOST_WARM_UP_NANOS = 20_000_000_000L;

    /** The JVM is quiet where it compiled for at most a two-hundredth of this; it compiles in bursts, some seconds apart. */
    private static final long SLICE_NANOS = 2_000_000_000L;

    private static final long QUIET_MILLIS = SLICE_NANOS / 1_000_000 / 200;

    private final PrintWriter out;
    private final List<String> prefixes;
    private final Set<String> unmatched;

    /**
     * A run.
     *
     * @param out where the rows go
     * @param prefixes what a case's name begins with; all cases where empty
     */
    public Bench(PrintWriter out, List<String> prefixes) {
        this.out = out;
        this.prefixes = List.copyOf(prefixes);
        unmatched = new LinkedHashSet<>(this.prefixes);
    }

    /**
     * Runs every case that is wanted.
     *
     * @return the prefixes that no case's name begins with
     */
    public Set<String> run() {
        ModuleCases.run(this);
        TrainingCases.run(this);
        TreeCases.run(this);
        CheckpointCases.run(this);
        return Collections.unmodifiableSet(unmatched);
    }

    /** Returns whether a case of this name, or any beginning with it, is wanted. */
    boolean wanted(String name) {
        return prefixes.isEmpty() || prefixes.stream().anyMatch(p -> name.startsWith(p) || p.startsWith(name));
    }

    /**
     * Times {@code body}.
     *
     * @param name the row's name
     * @param inner calls a repeat
     * @param repeats how many repeats
     * @param body the case
     */
    void measure(String name, int inner, int repeats, Runnable body) {
        List<String> matched = prefixes.stream().filter(name::startsWith).toList();
        if (!prefixes.isEmpty() && matched.isEmpty()) {
            return;
        }
        matched.forEach(unmatched::remove);
        warmUp(inner, body);
        double[] samples = new double[repeats];
        for (int r = 0; r < repeats; r++) {
            long start = System.nanoTime();
            for (int i = 0; i < inner; i++) {
                body.run();
            }
            samples[r] = (System.nanoTime() - start) / 1e3 / inner;
        }
        Arrays.sort(samples);
        double median = repeats % 2 == 1 ? samples[repeats / 2] : (samples[repeats / 2 - 1] + samples[repeats / 2]) / 2;
        out.printf(Locale.ROOT, "%s\tus\t%.2f\t%.2f%n", name, samples[0], median);
        out.flush();
    }

    private static void warmUp(int inner, Runnable body) {
        long start = System.nanoTime();
        long compiled;
        do {
            compiled = compilationMillis();
            long slice = System.nanoTime();
            do {
                for (int i = 0; i < inner; i++) {
                    body.run();
                }
            } while (System.nanoTime() - slice < SLICE_NANOS);
        } while (compilationMillis() - compiled > QUIET_MILLIS && System.nanoTime() - start < MOST_WARM_UP_NANOS);
    }

    /** Returns what the JVM's compiler has worked until now; always 0 where it does not count. */
    private static long compilationMillis() {
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        return compiler != null && compiler.isCompilationTimeMonitoringSupported()
                ? compiler.getTotalCompilationTime()
                : 0;
    }
}
