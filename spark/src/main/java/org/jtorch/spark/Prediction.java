package org.jtorch.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.internal.text.Nearest;
import org.jtorch.nn.Module;

/** A task of {@link JtorchSpark#predict}: runs the model on the batches of a partition, and adds its output to the rows. */
final class Prediction<I, O> implements MapPartitionsFunction<Row, Row> {

    private static final long serialVersionUID = 1L;

    private final Broadcast<SharedModel> model;
    private final SparkModel.Factory<I, O> factory;
    private final SparkModel.@Nullable Input<I> input;
    private final SparkModel.@Nullable Output<O> output;
    private final DataType type;
    private final String[] columns;
    private final int batchSize;

    private Prediction(Broadcast<SharedModel> broadcast, SparkModel<I, O> model, List<String> columns, int batchSize) {
        this.model = broadcast;
        this.factory = model.factory();
        this.input = model.input();
        this.output = model.output();
        this.type = model.type();
        this.columns = columns.toArray(String[]::new);
        this.batchSize = batchSize;
    }

    static <I, O> Dataset<Row> of(Dataset<Row> data, SparkModel<I, O> model, List<String> columns, int batchSize) {
        RowBatch.checkSize(batchSize);
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("name at least one column that the model reads");
        }
        StructType schema = data.schema();
        columns.forEach(column -> check(schema, column));
        if (List.of(schema.fieldNames()).contains(model.column())) {
            throw new IllegalArgumentException("the data has a column \"" + model.column()
                    + "\" already: name the new one with column(...) on the options of SparkModel");
        }
        Broadcast<SharedModel> broadcast = JavaSparkContext.fromSparkContext(
                        data.sparkSession().sparkContext())
                .broadcast(new SharedModel(model.weights()));
        return data.mapPartitions(
                new Prediction<>(broadcast, model, columns, batchSize),
                Encoders.row(schema.add(model.column(), model.type(), false)));
    }

    private static void check(StructType schema, String column) {
        List<String> names = List.of(schema.fieldNames());
        int index = names.indexOf(column);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "there is no column \"" + column + "\" among " + names + Nearest.hint(column, names));
        }
        StructField field = schema.fields()[index];
        DataType number = field.dataType() instanceof ArrayType array ? array.elementType() : field.dataType();
        if (!(number instanceof NumericType) && !number.equals(DataTypes.BooleanType)) {
            throw new IllegalArgumentException("column \"" + column + "\" is of the type "
                    + field.dataType().simpleString()
                    + ", but a model reads numbers, booleans, or arrays of them: convert it first, a vector of Spark ML with"
                    + " vector_to_array, and texts with StringIndexer or when");
        }
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) throws Exception {
        if (!rows.hasNext()) {
            return rows;
        }
        Module<I, O> module = model.value().get(factory);
        Iterator<RowBatch> batches = RowBatch.batches(rows, batchSize);
        return new Iterator<>() {
            private Iterator<Row> done = List.<Row>of().iterator();

            @Override
            public boolean hasNext() {
                return done.hasNext() || batches.hasNext();
            }

            @Override
            public Row next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                if (!done.hasNext()) {
                    done = predict(module, batches.next()).iterator();
                }
                return done.next();
            }
        };
    }

    private List<Row> predict(Module<I, O> module, RowBatch batch) {
        Object[] values;
        try (TensorScope scope = new TensorScope()) {
            values = ColumnValues.of(result(module.infer(input(batch))), type, batch.size());
        }
        List<Row> result = new ArrayList<>(values.length);
        for (int i = 0; i < values.length; i++) {
            Row row = batch.rows().get(i);
            Object[] cells = new Object[row.length() + 1];
            for (int j = 0; j < row.length(); j++) {
                cells[j] = row.get(j);
            }
            cells[row.length()] = values[i];
            result.add(RowFactory.create(cells));
        }
        return result;
    }

    @SuppressWarnings("unchecked") // a model whose input is no tensor fails with the name of the class that it expects
    private I input(RowBatch batch) {
        return input != null ? input.of(batch) : (I) batch.floats(columns);
    }

    private Tensor result(O result) {
        if (output != null) {
            return output.of(result);
        }
        if (result instanceof Tensor tensor) {
            return tensor;
        }
        throw new IllegalArgumentException("the model returns an object of the class "
                + (result == null ? "null" : result.getClass().getName())
                + ", not a tensor: set output(type, function) on the options of SparkModel");
    }
}
