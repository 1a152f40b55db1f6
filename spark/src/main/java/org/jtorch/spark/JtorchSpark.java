package org.jtorch.spark;

import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jtorch.distributed.DistributedException;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.state.StateDict;

/**
 * Trains models, and runs them on tables, inside of Spark's jobs.
 *
 * <pre>{@code
 * StateDict state = JtorchSpark.train(digits, 4, MyTraining::train);                 // on 4 executors' cores
 *
 * SparkModel<Tensor, Tensor> model = new SparkModel<>(Net::new, state);
 * Dataset<Row> scored = JtorchSpark.predict(digits, model, List.of("pixels"), 256);             // one more column: prediction
 * }</pre>
 *
 * <p>The executors need the jars of jtorch and the native libraries of their platform.
 */
public final class JtorchSpark {

    private JtorchSpark() {}

    /** Trains with the default options, as {@link #train(JavaRDD, int, Trainer, Consumer)}. */
    public static <T> StateDict train(JavaRDD<T> rows, int ranks, Trainer<T> trainer) {
        return train(rows, ranks, trainer, o -> {});
    }

    /**
     * Trains a model in several tasks that run at the same time, the ranks.
     *
     * <p>Each rank gets the same number of rows: rank {@code r} of {@code n} gets those with the positions {@code r}, {@code r + n}, and so on,
     * as PyTorch's {@code DistributedSampler} without shuffling gives them. The rows are counted first, so an RDD that is expensive to compute
     * should be cached.
     *
     * <p>The ranks are the tasks of one barrier stage. If one fails, all fail. {@link TrainOptions#restarts} starts them again.
     *
     * @param rows what to train on
     * @param ranks the number of tasks; Spark must be able to run as many at the same time
     * @param trainer is called in each task
     * @param options sets the options
     * @return the state that rank 0's trainer returned
     * @throws IllegalArgumentException if {@code ranks} is not positive, there are too few rows, or the trainer cannot be sent to executors
     * @throws IllegalStateException if Spark has fewer free places for tasks than {@code ranks}
     * @throws DistributedException if a rank failed, after the last restart; the message names the rank and its error
     */
    public static <T> StateDict train(
            JavaRDD<T> rows, int ranks, Trainer<T> trainer, Consumer<? super TrainOptions> options) {
        return Training.run(rows, ranks, trainer, Customized.of(new TrainOptions(), options));
    }

    /** Trains on the rows of a dataset with the default options, as {@link #train(JavaRDD, int, Trainer, Consumer)}. */
    public static <T> StateDict train(Dataset<T> rows, int ranks, Trainer<T> trainer) {
        return train(rows, ranks, trainer, o -> {});
    }

    /** Trains on the rows of a dataset, as {@link #train(JavaRDD, int, Trainer, Consumer)}. */
    public static <T> StateDict train(
            Dataset<T> rows, int ranks, Trainer<T> trainer, Consumer<? super TrainOptions> options) {
        return train(rows.javaRDD(), ranks, trainer, options);
    }

    /**
     * Returns a dataset with one more column, the output of a model. It is computed when Spark needs it.
     *
     * <p>The weights are sent to each executor once, as a broadcast. There the model is made once, and all tasks use it at the same time. It is
     * freed when Spark removes the broadcast, which is after the result is no longer used. The order of the rows stays.
     *
     * @param data the rows
     * @param model the model, with what it reads from the rows and what it returns
     * @param columns the columns that the model reads, which hold numbers, booleans, or arrays of them
     * @param batchSize the greatest number of rows in a call of the model
     * @throws IllegalArgumentException if there is no such column, it is of another type, the new column exists already, or {@code batchSize}
     *     is not positive
     */
    public static Dataset<Row> predict(Dataset<Row> data, SparkModel<?, ?> model, List<String> columns, int batchSize) {
        return Prediction.of(data, model, columns, batchSize);
    }
}
