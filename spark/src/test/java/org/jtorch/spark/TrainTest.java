package org.jtorch.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.distributed.DistributedException;
import org.jtorch.distributed.ProcessGroup;
import org.jtorch.distributed.ReduceOp;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.activation.SiLU;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.LayerNorm;
import org.jtorch.nn.sparse.Embedding;
import org.jtorch.nn.state.StateDict;
import org.jtorch.optim.AdamW;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Training in the executors of a cluster gives what training in one process on the whole batches gives. */
@ExtendWith(Cluster.class)
class TrainTest {

    private static final int BATCH = 64;

    /** A classifier of the digits. */
    static Sequential digitsNet() {
        return new Sequential(new Linear(64, 32), new ReLU(), new Linear(32, 10));
    }

    /** A person: four numbers, and two categories; each has one more dimension for the batch. */
    record Person(Tensor numbers, Tensor gender, Tensor sector) {
        static Person of(RowBatch rows) {
            return new Person(
                    rows.floats("education", "experience", "wage", "age"),
                    rows.labels("gender"),
                    rows.labels("sector"));
        }
    }

    /** The classifier of persons of the tabular example, without what depends on the part of a batch: batch norm and dropout. */
    static final class WagesNet extends Module<Person, Tensor> {
        Embedding gender = new Embedding(2, 2);
        Embedding sector = new Embedding(3, 2);
        LayerNorm norm = new LayerNorm(4);
        Sequential layers = new Sequential(new Linear(8, 64), new SiLU(), new Linear(64, 6));

        @Override
        protected Tensor forward(Person p) {
            return layers.call(
                    Torch.cat(List.of(norm.call(p.numbers), gender.call(p.gender), sector.call(p.sector)), 1));
        }
    }

    private interface Loss extends Function<RowBatch, Tensor>, Serializable {}

    /** Takes a step for each batch; {@code average} makes the gradients those of the whole batch. */
    private static void train(Module<?, ?> model, Iterator<RowBatch> batches, Loss loss, Consumer<Tensor> average) {
        var optimizer = new AdamW(model.parameters(), o -> o.lr(1e-2));
        while (batches.hasNext()) {
            try (var scope = new TensorScope()) {
                optimizer.zeroGrad();
                loss.apply(batches.next()).backward();
                for (Parameter parameter : model.parameters()) {
                    average.accept(parameter.grad());
                }
                optimizer.step();
            }
        }
    }

    private static Loss digitsLoss(Module<Tensor, Tensor> model) {
        return batch -> F.crossEntropy(model.call(batch.floats("pixels")), batch.labels("label"));
    }

    private static Loss wagesLoss(Module<Person, Tensor> model) {
        return batch -> F.crossEntropy(model.call(Person.of(batch)), batch.labels("occupation"));
    }

    private static void average(ProcessGroup group, Tensor gradient) {
        group.allReduce(gradient, ReduceOp.AVG);
    }

    private static byte[] initial(Module<?, ?> model) {
        return StateBytes.write(model.stateDict());
    }

    @Test
    void digitsOnAllCoresAreTrainedAsInOneProcess() {
        Dataset<Row> digits = Cluster.digits(1280);
        Torch.manualSeed(0);
        Sequential alone = digitsNet();
        byte[] start = initial(alone);
        StateDict state = JtorchSpark.train(digits, 4, (group, rows) -> {
            Sequential model = digitsNet();
            model.loadStateDict(StateBytes.read(start));
            train(model, RowBatch.batches(rows, BATCH / 4), digitsLoss(model), g -> average(group, g));
            StateDict result = model.stateDict();
            result.putEntry(
                    "processes", group.allGatherObject(ProcessHandle.current().pid()));
            return result;
        });
        train(alone, RowBatch.batches(digits.collectAsList().iterator(), BATCH), digitsLoss(alone), g -> {});
        assertClose(alone.stateDict(), state);
        assertTrue(
                alone.stateDict()
                                .get("0.weight")
                                .sub(StateBytes.read(start).get("0.weight"))
                                .abs()
                                .max()
                                .item()
                        > 0.05,
                "nothing was learnt");

        List<?> processes = (List<?>) state.entries().get("processes");
        assertEquals(4, processes.size(), processes::toString);
        assertEquals(2, new HashSet<>(processes).size(), processes::toString);
        assertFalse(processes.contains(ProcessHandle.current().pid()), processes::toString);
    }

    @Test
    void wagesAreTrainedAsInOneProcess() {
        Dataset<Row> wages = Cluster.wages().limit(512);
        Torch.manualSeed(0);
        WagesNet alone = new WagesNet();
        byte[] start = initial(alone);
        StateDict state = JtorchSpark.train(wages, 2, (group, rows) -> {
            WagesNet model = new WagesNet();
            model.loadStateDict(StateBytes.read(start));
            train(model, RowBatch.batches(rows, BATCH / 2), wagesLoss(model), g -> average(group, g));
            return model.stateDict();
        });
        train(alone, RowBatch.batches(wages.collectAsList().iterator(), BATCH), wagesLoss(alone), g -> {});
        assertClose(alone.stateDict(), state);
    }

    private static void assertClose(StateDict expected, StateDict actual) {
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((key, tensor) -> {
            double difference = tensor.sub(actual.get(key)).abs().max().item();
            assertTrue(difference <= 1e-5, () -> key + " differs by " + difference);
        });
    }

    /** What fails in a rank is told, with the rank, although another rank fails too because it waits for it. */
    @Test
    void aRankThatFailsEndsAll() {
        JavaRDD<Integer> rows = numbers(8);
        DistributedException failed = assertTimeout(
                Duration.ofSeconds(60),
                () -> assertThrows(
                        DistributedException.class,
                        () -> JtorchSpark.train(rows, 2, (group, part) -> {
                            if (group.rank() == 1) {
                                throw new IllegalStateException("there is no label 11");
                            }
                            group.allReduce(Torch.ones(3));
                            return new StateDict();
                        })));
        String message = failed.getMessage();
        assertTrue(
                message.contains("rank 1 of 2 failed: java.lang.IllegalStateException: there is no label 11"), message);
        assertTrue(message.lines().count() < 8, message);
    }

    /** Rank 1 ends its executor's process in the first run, after it has written a file as a checkpoint. */
    @Test
    void ifAProcessDiesAllStartAgain(@TempDir Path folder) {
        String checkpoint = folder.resolve("checkpoint").toString();
        StateDict state = assertTimeout(
                Duration.ofSeconds(60),
                () -> JtorchSpark.train(
                        numbers(8),
                        2,
                        (group, part) -> {
                            boolean resumed = Files.exists(Path.of(checkpoint));
                            group.barrier();
                            if (!resumed && group.rank() == 1) {
                                Files.createFile(Path.of(checkpoint));
                                Runtime.getRuntime().halt(1);
                            }
                            Tensor sum = Torch.ones(3);
                            group.allReduce(sum);
                            StateDict result = new StateDict();
                            result.put("sum", sum);
                            result.putEntry("resumed", resumed);
                            return result;
                        },
                        o -> o.restarts(1)));
        assertEquals(true, state.entries().get("resumed"));
        assertEquals(6, state.get("sum").sum().item());
    }

    @Test
    void tooManyRanksAreRefusedBeforeTheStart() {
        IllegalStateException refused = assertThrows(
                IllegalStateException.class,
                () -> JtorchSpark.train(
                        numbers(8), 5, (group, part) -> new StateDict(), o -> o.slotWait(Duration.ofMillis(300))));
        assertEquals(
                "5 ranks must run at the same time, but Spark (local-cluster[2,2,1024]) can run 4 tasks: it has 4 cores, and a task takes"
                        + " 1 (spark.task.cpus). Use at most 4 ranks, or start more executors or cores",
                refused.getMessage());
    }

    @Test
    void aTrainerThatCannotBeSentIsRefused() {
        Tensor captured = Torch.ones(3);
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> JtorchSpark.train(numbers(8), 2, (group, part) -> {
                    StateDict state = new StateDict();
                    state.put("captured", captured);
                    return state;
                }));
        assertTrue(
                refused.getMessage()
                        .startsWith("the trainer uses an object of the class org.jtorch.Tensor from outside"),
                refused.getMessage());
    }

    /** The positions are those of DistributedSampler(range(10), 3, rank, shuffle=False). */
    @Test
    void rowsAreDealtAsDistributedSamplerDoes() {
        JavaRDD<Integer> rows = numbers(10);
        assertEquals(
                List.of(List.of(0, 3, 6, 9), List.of(1, 4, 7, 0), List.of(2, 5, 8, 1)),
                Dealing.deal(rows, 3, false).glom().collect());
        assertEquals(
                List.of(List.of(0, 3, 6), List.of(1, 4, 7), List.of(2, 5, 8)),
                Dealing.deal(rows, 3, true).glom().collect());
        assertEquals(
                List.of(List.of(0), List.of(1), List.of(0), List.of(1)),
                Dealing.deal(numbers(2), 4, false).glom().collect());
        IllegalArgumentException few =
                assertThrows(IllegalArgumentException.class, () -> Dealing.deal(numbers(2), 4, true));
        assertEquals("there are 2 rows for 4 ranks: each needs at least one", few.getMessage());
    }

    private static JavaRDD<Integer> numbers(int count) {
        return JavaSparkContext.fromSparkContext(Cluster.session().sparkContext())
                .parallelize(IntStream.range(0, count).boxed().toList(), 4);
    }
}
