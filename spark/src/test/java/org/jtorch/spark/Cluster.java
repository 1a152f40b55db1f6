package org.jtorch.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.jtorch.models.Digits;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A cluster on this machine: two executors of two cores, each a process of its own. Spark starts them from a distribution, of which only the
 * empty folder is here: the executors' class path is that of the tests.
 * JUnit ends it after all test classes.
 */
final class Cluster implements BeforeAllCallback, AutoCloseable {

    private static @Nullable SparkSession session;

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL).getOrComputeIfAbsent(Cluster.class, key -> {
            session = start();
            return this;
        });
    }

    /** Ends the executors. */
    @Override
    public void close() {
        session().stop();
    }

    static SparkSession session() {
        return Objects.requireNonNull(session);
    }

    private static SparkSession start() {
        try {
            Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return SparkSession.builder()
                .master("local-cluster[2,2,1024]")
                .appName("jtorch-spark")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.codegen.wholeStage", "false")
                .config("spark.sql.adaptive.enabled", "false")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config(
                        "spark.executor.extraClassPath",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")))
                .config("spark.executor.extraJavaOptions", "-XX:TieredStopAtLevel=1 -Djtorch.process.load=false")
                .config("spark.executorEnv.OMP_NUM_THREADS", "1")
                .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
                .config("spark.task.maxFailures", "1")
                .config("spark.sql.warehouse.dir", "target/spark-warehouse")
                .getOrCreate();
    }

    /** Returns the digits: id, pixels and label. */
    static Dataset<Row> digits(int count) {
        Digits digits = Digits.load();
        float[] pixels = digits.images().toFloatArray();
        long[] labels = digits.labels().toLongArray();
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Float[] own = new Float[Digits.PIXELS];
            for (int j = 0; j < own.length; j++) {
                own[j] = pixels[i * Digits.PIXELS + j];
            }
            rows.add(RowFactory.create(i, own, labels[i]));
        }
        StructType schema = new StructType()
                .add("id", DataTypes.IntegerType)
                .add("pixels", DataTypes.createArrayType(DataTypes.FloatType))
                .add("label", DataTypes.LongType);
        return session().createDataFrame(rows, schema);
    }

    /** Returns the persons of the tabular example, with numbers for gender, sector and occupation. */
    static Dataset<Row> wages() {
        return session()
                .read()
                .option("header", true)
                .option("inferSchema", true)
                .csv(Path.of("../examples/src/main/resources/org/jtorch/examples/wages.csv")
                        .toAbsolutePath()
                        .normalize()
                        .toString())
                .withColumn("gender", index("gender", "female", "male"))
                .withColumn("sector", index("sector", "construction", "manufacturing", "other"))
                .withColumn(
                        "occupation",
                        index("occupation", "clerical", "management", "other", "professional", "sales", "service"));
    }

    /** Returns the position of a text among some. */
    private static Column index(String column, String... names) {
        String quoted = Stream.of(names).map(name -> "'" + name + "'").collect(Collectors.joining(", "));
        return functions.expr("array_position(array(" + quoted + "), " + column + ") - 1");
    }
}
