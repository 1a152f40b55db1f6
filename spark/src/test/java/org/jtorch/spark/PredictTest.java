package org.jtorch.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.linear.Linear;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A model in the executors of a cluster returns what it returns in this process. */
@ExtendWith(Cluster.class)
class PredictTest {

    private static final AtomicInteger MADE = new AtomicInteger();

    private static Dataset<Row> digits;
    private static Sequential net;
    private static SparkModel<Tensor, Tensor> model;

    @BeforeAll
    static void data() {
        digits = Cluster.digits(1797).repartition(5).cache();
        net = TrainTest.digitsNet();
        model = new SparkModel<>(TrainTest::digitsNet, net.stateDict());
    }

    /** The partitions of a dataset on which nothing was run yet. */
    private static List<List<Row>> partitions(Dataset<Row> data) {
        return data.javaRDD().glom().collect();
    }

    @Test
    void digitsAreThoseOfInferToTheBit() {
        Dataset<Row> predicted = JtorchSpark.predict(digits, model, List.of("pixels"), 100);
        assertEquals(
                digits.schema().add("prediction", DataTypes.createArrayType(DataTypes.FloatType, false), false),
                predicted.schema());
        List<Row> expected = new ArrayList<>();
        List<List<Float>> logits = new ArrayList<>();
        for (List<Row> partition : partitions(digits)) {
            expected.addAll(partition);
            Iterator<RowBatch> batches = RowBatch.batches(partition.iterator(), 100);
            while (batches.hasNext()) {
                for (Tensor row : net.infer(batches.next().floats("pixels")).unbind(0)) {
                    List<Float> numbers = new ArrayList<>();
                    for (float number : row.toFloatArray()) {
                        numbers.add(number);
                    }
                    logits.add(numbers);
                }
            }
        }
        List<Row> actual = predicted.collectAsList();
        assertEquals(1797, actual.size());
        for (int i = 0; i < actual.size(); i++) {
            assertEquals(expected.get(i).getInt(0), actual.get(i).getInt(0));
            assertEquals(expected.get(i).getList(1), actual.get(i).getList(1));
            assertEquals(logits.get(i), actual.get(i).getList(3));
        }
    }

    @Test
    void aColumnOfTheUsersTypeAndInput() {
        Dataset<Row> wages = Cluster.wages().cache();
        TrainTest.WagesNet alone = new TrainTest.WagesNet();
        var occupations =
                new SparkModel<>(TrainTest.WagesNet::new, alone.stateDict(), o -> o.input(TrainTest.Person::of)
                        .output(DataTypes.IntegerType, logits -> logits.argmax(1))
                        .column("guess"));
        List<Integer> guesses =
                JtorchSpark.predict(wages, occupations, List.of("age", "wage", "gender", "sector"), 1000)
                        .collectAsList()
                        .stream()
                        .map(row -> row.<Integer>getAs("guess"))
                        .toList();
        Tensor expected = alone.infer(TrainTest.Person.of(RowBatch.of(wages.collectAsList())))
                .argmax(1);
        assertEquals(534, guesses.size());
        for (int i = 0; i < guesses.size(); i++) {
            assertEquals(expected.toIntArray()[i], guesses.get(i));
        }
    }

    private static Sequential counted() {
        MADE.incrementAndGet();
        return TrainTest.digitsNet();
    }

    /** Returns, for each row, the process and how many models it has made. */
    private static Tensor processAndModels(Tensor logits) {
        return Torch.tensor(new long[] {ProcessHandle.current().pid(), MADE.get()})
                .expand(logits.size(0), 2);
    }

    @Test
    void eachProcessMakesTheModelOnce() {
        SparkModel<Tensor, Tensor> counting = new SparkModel<>(
                PredictTest::counted,
                net.stateDict(),
                o -> o.output(DataTypes.createArrayType(DataTypes.LongType), PredictTest::processAndModels));
        List<Row> rows = JtorchSpark.predict(digits.repartition(12), counting, List.of("pixels"), 20)
                .collectAsList();
        Set<Long> processes = new HashSet<>();
        for (Row row : rows) {
            List<Long> seen = row.getList(3);
            processes.add(seen.get(0));
            assertEquals(1, seen.get(1));
        }
        assertEquals(2, processes.size(), processes::toString);
        assertEquals(0, MADE.get(), "this process makes none");
    }

    /** In this process, which has the broadcast as the executors do. */
    @Test
    void theModelIsFreedWithTheBroadcast() throws Exception {
        WeakReference<?> made = broadcastAndDestroy();
        for (int i = 0; i < 100 && made.get() != null; i++) {
            System.gc();
            Thread.sleep(50);
        }
        assertNull(made.get());
    }

    private static WeakReference<?> broadcastAndDestroy() throws Exception {
        Broadcast<SharedModel> broadcast = JavaSparkContext.fromSparkContext(
                        Cluster.session().sparkContext())
                .broadcast(new SharedModel(model.weights()));
        var made = new WeakReference<>(broadcast.value().get(TrainTest::digitsNet));
        System.gc();
        assertNotNull(made.get());
        assertSame(made.get(), broadcast.value().get(TrainTest::digitsNet));
        broadcast.destroy();
        return made;
    }

    @Test
    void theFactoryMayLoadTheWeights() {
        SparkModel<Tensor, Tensor> zeros = new SparkModel<>(
                () -> {
                    Linear linear = new Linear(64, 1);
                    linear.weight.detach().zero_();
                    linear.bias.detach().fill_(3);
                    return linear;
                },
                o -> o.output(DataTypes.DoubleType, output -> output).column("three"));
        List<Row> rows = JtorchSpark.predict(digits.limit(2), zeros, List.of("pixels"), 20)
                .collectAsList();
        assertEquals(
                List.of(3.0, 3.0), rows.stream().map(row -> row.getDouble(3)).toList());
    }

    @Test
    void aNullIsNamedWithItsColumnAndRow() {
        Dataset<Row> holes = digits.limit(20)
                .withColumn("weight", functions.expr("CASE WHEN id % 2 = 0 THEN 1.5 END"))
                .drop("pixels");
        SparkModel<Tensor, Tensor> one = new SparkModel<>(() -> new Linear(1, 1), new Linear(1, 1).stateDict());
        Exception failed = assertThrows(Exception.class, () -> JtorchSpark.predict(holes, one, List.of("weight"), 4)
                .collectAsList());
        String message = String.valueOf(failed.getMessage());
        assertTrue(message.contains("column \"weight\" is null"), message);
        assertTrue(message.contains(",null]"), message);
    }

    @Test
    void anOutputOfAnotherShapeIsRefused() {
        SparkModel<Tensor, Tensor> wrong = new SparkModel<>(
                TrainTest::digitsNet, net.stateDict(), o -> o.output(DataTypes.FloatType, logits -> logits));
        Exception failed =
                assertThrows(Exception.class, () -> JtorchSpark.predict(digits.limit(4), wrong, List.of("pixels"), 4)
                        .collectAsList());
        String message = String.valueOf(failed.getMessage());
        assertTrue(
                message.contains("the output for 4 rows has the shape [4, 10], but a column of float needs [4]"),
                message);
    }

    @Test
    void wrongArgumentsAreRefusedAtOnce() {
        assertRefused(
                "there is no column \"pixel\" among [id, pixels, label]; did you mean 'pixels'?", digits, "pixel");
        assertRefused(
                "column \"text\" is of the type string, but a model reads numbers, booleans, or arrays of them",
                digits.withColumn("text", functions.lit("seven")),
                "text");
        assertRefused(
                "the data has a column \"prediction\" already",
                digits.withColumn("prediction", functions.lit(7)),
                "pixels");
        assertThrows(IllegalArgumentException.class, () -> JtorchSpark.predict(digits, model, List.of("pixels"), 0));
        assertThrows(IllegalArgumentException.class, () -> JtorchSpark.predict(digits, model, List.of(), 1));
        Linear captured = new Linear(64, 2);
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> new SparkModel<>(() -> captured, captured.stateDict()));
        assertTrue(
                refused.getMessage()
                        .startsWith("the factory of the model uses an object of the class org.jtorch.nn.linear.Linear"),
                refused.getMessage());
        IllegalArgumentException type = assertThrows(
                IllegalArgumentException.class,
                () -> new SparkModel<>(
                        TrainTest::digitsNet, net.stateDict(), o -> o.output(DataTypes.StringType, x -> x)));
        assertEquals(
                "a model's output can be a column of bigint, double, float, int, or of arrays of these, not of string",
                type.getMessage());
    }

    private static void assertRefused(String message, Dataset<Row> data, String column) {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> JtorchSpark.predict(data, model, List.of(column), 10));
        assertTrue(refused.getMessage().startsWith(message), refused.getMessage());
    }
}
