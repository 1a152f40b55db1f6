package org.jtorch.spark;

import java.io.Serializable;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.Module;
import org.jtorch.nn.state.StateDict;

/**
 * A model as {@link JtorchSpark#predict} needs it: how the executors make it, its weights, what it reads from the rows, and what the new column
 * holds.
 *
 * <pre>{@code
 * var digits = new SparkModel<>(Net::new, state);                       // input (rows, numbers) float32; an array of floats for each row
 * var wages = new SparkModel<>(Tabular::new, state, o -> o
 *         .input(rows -> new Person(rows.floats("age", "wage"), rows.labels("sector")))
 *         .output(DataTypes.LongType, logits -> logits.argmax(1))
 *         .column("occupation"));
 * }</pre>
 *
 * @param <I> the type of the model's input
 * @param <O> the type of the model's output
 */
public final class SparkModel<I, O> {

    /**
     * Makes the model, on the executors.
     *
     * @param <I> the type of the model's input
     * @param <O> the type of the model's output
     */
    @FunctionalInterface
    public interface Factory<I, O> extends Serializable {

        /** Returns a new model. Its weights are loaded afterwards. */
        Module<I, O> create() throws Exception;
    }

    /**
     * Makes the input of a call.
     *
     * @param <I> the type of the model's input
     */
    @FunctionalInterface
    public interface Input<I> extends Serializable {

        /** Returns the input for some rows. */
        I of(RowBatch rows);
    }

    /**
     * Makes the values of the new column from the output of a call.
     *
     * @param <O> the type of the model's output
     */
    @FunctionalInterface
    public interface Output<O> extends Serializable {

        /** Returns the values: the first dimension is that of the rows. */
        Tensor of(O output);
    }

    /**
     * Optional arguments.
     *
     * @param <I> the type of the model's input
     * @param <O> the type of the model's output
     */
    public static final class Options<I, O> {
        private @Nullable Input<I> input;
        private @Nullable Output<O> output;
        private DataType type = DataTypes.createArrayType(DataTypes.FloatType, false);
        private String column = "prediction";

        private Options() {}

        /**
         * Sets what the model gets for some rows. The default is the numbers of all columns, side by side: a float32 tensor of shape (rows,
         * numbers).
         */
        public Options<I, O> input(Input<I> newInput) {
            input = newInput;
            return this;
        }

        /**
         * Sets what the new column holds. The default is the output itself as an array of floats, for models that return a tensor.
         *
         * @param newType {@code FloatType}, {@code DoubleType}, {@code IntegerType} or {@code LongType}, or an array of one of them
         * @param newOutput returns one number for each row, or for an array (rows, numbers)
         */
        public Options<I, O> output(DataType newType, Output<O> newOutput) {
            ColumnValues.check(newType);
            type = newType;
            output = newOutput;
            return this;
        }

        /** Sets the name of the new column; the default is {@code prediction}. */
        public Options<I, O> column(String newColumn) {
            column = newColumn;
            return this;
        }
    }

    private final byte @Nullable [] weights;
    private final Factory<I, O> factory;
    private final @Nullable Input<I> input;
    private final @Nullable Output<O> output;
    private final DataType type;
    private final String column;

    /**
     * Creates a model that returns tensors and reads the numbers of all columns side by side.
     *
     * @param factory makes the model
     * @param state its weights; they are copied
     * @throws IllegalArgumentException if the factory cannot be sent to executors, or the state has 2 GB or more
     */
    public SparkModel(Factory<I, O> factory, StateDict state) {
        this(factory, state, o -> {});
    }

    /**
     * Creates a model.
     *
     * @param factory makes the model
     * @param state its weights; they are copied
     * @param options sets the options
     * @throws IllegalArgumentException if a function cannot be sent to executors, or the state has 2 GB or more
     */
    public SparkModel(Factory<I, O> factory, StateDict state, Consumer<? super Options<I, O>> options) {
        this(factory, StateBytes.write(state), Customized.of(new Options<>(), options));
    }

    /**
     * Creates a model whose factory loads the weights itself, for example from a folder that all executors see.
     *
     * @param factory makes the model
     * @param options sets the options
     * @throws IllegalArgumentException if a function cannot be sent to executors
     */
    public SparkModel(Factory<I, O> factory, Consumer<? super Options<I, O>> options) {
        this(factory, (byte[]) null, Customized.of(new Options<>(), options));
    }

    private SparkModel(Factory<I, O> factory, byte @Nullable [] weights, Options<I, O> options) {
        this.factory = Objects.requireNonNull(factory, "factory");
        this.weights = weights;
        this.input = options.input;
        this.output = options.output;
        this.type = options.type;
        this.column = options.column;
        Sending.check(factory, "the factory of the model");
        if (input != null) {
            Sending.check(input, "the function for the input");
        }
        if (output != null) {
            Sending.check(output, "the function for the output");
        }
    }

    byte @Nullable [] weights() {
        return weights;
    }

    Factory<I, O> factory() {
        return factory;
    }

    @Nullable
    Input<I> input() {
        return input;
    }

    @Nullable
    Output<O> output() {
        return output;
    }

    DataType type() {
        return type;
    }

    String column() {
        return column;
    }
}
