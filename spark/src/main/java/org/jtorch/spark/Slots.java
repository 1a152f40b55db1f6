package org.jtorch.spark;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The number of tasks that Spark can run at the same time. A barrier stage with more tasks never starts; Spark itself says so after ten
 * minutes.
 */
final class Slots {

    private static final Pattern LOCAL = Pattern.compile("local\\[\\s*(\\d+|\\*)\\s*(?:,.*)?]");

    private Slots() {}

    /**
     * Waits until there are enough.
     *
     * @throws IllegalStateException if there are too few after {@code wait}
     */
    static void await(JavaSparkContext context, int ranks, Duration wait) {
        long end = System.nanoTime() + (context.isLocal() ? 0 : wait.toNanos());
        int perTask = context.getConf().getInt("spark.task.cpus", 1);
        OptionalInt cores = cores(context);
        while (cores.isPresent() && cores.getAsInt() / perTask < ranks) {
            if (System.nanoTime() - end >= 0) {
                int slots = cores.getAsInt() / perTask;
                throw new IllegalStateException(ranks + " ranks must run at the same time, but Spark ("
                        + context.master()
                        + ") can run " + slots + (slots == 1 ? " task" : " tasks") + ": it has " + cores.getAsInt()
                        + (cores.getAsInt() == 1 ? " core" : " cores") + ", and a task takes " + perTask
                        + " (spark.task.cpus). Use at most " + slots + " ranks, or start more executors or cores");
            }
            pause();
            cores = cores(context);
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for Spark's executors", e);
        }
    }

    /** Returns the number of cores of all executors now; empty if Spark does not tell. */
    private static OptionalInt cores(JavaSparkContext context) {
        return cores(
                context.master(),
                context.getConf(),
                context.defaultParallelism(),
                context.sc().statusTracker().getExecutorInfos().length);
    }

    /**
     * Returns the number of cores.
     *
     * @param parallelism Spark's default number of partitions, which is that of the cores unless the user has set it
     * @param executors the number of executors; the driver counts as one
     */
    static OptionalInt cores(String master, SparkConf conf, int parallelism, int executors) {
        if (!conf.contains("spark.default.parallelism")) {
            return OptionalInt.of(parallelism); // at least 2 in a cluster, even if it has fewer
        }
        if (master.equals("local")) {
            return OptionalInt.of(1);
        }
        Matcher local = LOCAL.matcher(master);
        if (local.matches()) {
            String threads = local.group(1);
            return OptionalInt.of(
                    threads.equals("*") ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(threads));
        }
        return conf.contains("spark.executor.cores")
                ? OptionalInt.of((executors - 1) * conf.getInt("spark.executor.cores", 1))
                : OptionalInt.empty();
    }
}
