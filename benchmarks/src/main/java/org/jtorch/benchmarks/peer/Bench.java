package org.jtorch.benchmarks.peer;

import java.io.PrintWriter;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Measures cases and prints a row for each: the name, the unit, and the best and the median time of the repeats in microseconds
 * for each call. A case is warmed up first until the JVM has compiled it, because compiler threads would compete with the
 * kernels for cores.
 */
public final class Bench {

    private static final long MOST_WARM_UP_NANOS = 20_000_000_000L;

    /**
     * The JVM counts as quiet if it compiled for at most a two-hundredth of this time. It compiles in bursts that are some
     * seconds apart.
     */
    private static final long SLICE_NANOS = 2_000_000_000L;

    private static final long QUIET_MILLIS = SLICE_NANOS / 1_000_000 / 200;

    private final PrintWriter out;
    private final List<String> prefixes;
    private final Set<String> unmatched;

    /**
     * Creates a run.
     *
     * @param out the writer for the rows
     * @param prefixes the beginnings of the names of the cases to run; empty for all cases
     */
    public Bench(PrintWriter out, List<String> prefixes) {
        this.out = out;
        this.prefixes = List.copyOf(prefixes);
        unmatched = new LinkedHashSet<>(this.prefixes);
    }

    /**
     * Runs every selected case.
     *
     * @param programs a folder of exported programs to run too; null for none
     * @return the prefixes that match no case
     */
    public Set<String> run(@Nullable Path programs) {
        ModuleCases.run(this);
        TrainingCases.run(this);
        AveragingCases.run(this);
        MixedPrecisionCases.run(this);
        OptimizerCases.run(this);
        TreeCases.run(this);
        CheckpointCases.run(this);
        DataCases.run(this);
        ServingCases.run(this);
        ModelCases.run(this, programs == null);
        if (programs != null) {
            ProgramCases.run(this, programs);
        }
        return Collections.unmodifiableSet(unmatched);
    }

    /**
     * Runs the selected cases of ONNX Runtime.
     *
     * @param onnx the model
     * @param programs a folder of programs with the same weights
     * @return the prefixes that match no case
     */
    public Set<String> run(Path onnx, Path programs) {
        OnnxRuntimeCases.run(this, onnx, programs);
        return Collections.unmodifiableSet(unmatched);
    }

    /** Returns whether a case with this name, or any whose name begins with it, is selected. */
    boolean wanted(String name) {
        return prefixes.isEmpty() || prefixes.stream().anyMatch(p -> name.startsWith(p) || p.startsWith(name));
    }

    /** Measures {@code body} for each call, as {@link #measure(String, int, int, int, Runnable)}. */
    void measure(String name, int inner, int repeats, Runnable body) {
        measure(name, inner, repeats, 1, body);
    }

    /**
     * Measures {@code body}.
     *
     * @param name the name of the row
     * @param inner the number of calls in a repeat
     * @param repeats the number of repeats
     * @param per the number of steps in a call; the row has the time of one
     * @param body the case
     */
    void measure(String name, int inner, int repeats, int per, Runnable body) {
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
            samples[r] = (System.nanoTime() - start) / 1e3 / inner / per;
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

    /** Returns the time that the JVM's compiler has used so far; always 0 if the JVM does not measure it. */
    private static long compilationMillis() {
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        return compiler != null && compiler.isCompilationTimeMonitoringSupported()
                ? compiler.getTotalCompilationTime()
                : 0;
    }
}
