package org.jtorch.spark;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.jtorch.distributed.DistributedException;
import org.jtorch.nn.state.StateDict;

/** A run of {@link JtorchSpark#train}, as the driver sees it. */
final class Training {

    /** What {@link RankTask} says of a rank that failed. */
    private static final Pattern RANK = Pattern.compile("rank [0-9]+ of [0-9]+ failed: .*");

    private Training() {}

    static <T> StateDict run(JavaRDD<T> rows, int ranks, Trainer<T> trainer, TrainOptions options) {
        if (ranks < 1) {
            throw new IllegalArgumentException("there must be at least one rank, not " + ranks);
        }
        Sending.check(trainer, "the trainer");
        JavaSparkContext context = JavaSparkContext.fromSparkContext(rows.context());
        Slots.await(context, ranks, options.slotWait());
        JavaRDD<byte[]> states = barrier(Dealing.deal(rows, ranks, options.dropLast()))
                .mapPartitions(new RankTask<>(ranks, trainer, options.timeout()));
        int restarts = 0;
        while (true) {
            try {
                return StateBytes.read(states.collect().get(0));
            } catch (Exception e) { // Scala does not declare the SparkException that it throws
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                if (!isFailureOfARank(e) || restarts++ == options.restarts()) {
                    throw new DistributedException("training in Spark failed: " + reason(e), List.of(), e);
                }
            }
            Slots.await(context, ranks, options.slotWait());
        }
    }

    /** Returns whether a rank failed. A job can fail for other reasons too: it was cancelled, or Spark refused it. */
    private static boolean isFailureOfARank(Exception e) {
        return e instanceof SparkException && String.valueOf(e.getMessage()).contains("barrier task");
    }

    /** Returns the same rows in a stage whose tasks run at the same time. What is done with the partitions next belongs to that stage. */
    private static <T> JavaRDD<T> barrier(JavaRDD<T> rows) {
        return rows.rdd()
                .barrier()
                .mapPartitions(new Unchanged<>(), true, rows.classTag())
                .toJavaRDD();
    }

    /** Returns the failure of the rank that Spark tells; if it tells none, what it says itself. */
    private static String reason(Exception e) {
        String text = withoutStack(e);
        Matcher rank = RANK.matcher(text);
        return rank.find() ? rank.group() : text;
    }

    /** Returns a message of Spark, which contains the stack trace of the task, without that. */
    private static String withoutStack(Exception e) {
        return String.valueOf(e.getMessage())
                .lines()
                .filter(line -> !line.startsWith("\t") && !line.isBlank() && !line.equals("Driver stacktrace:"))
                .collect(Collectors.joining("\n"));
    }
}
