package org.jtorch.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.nn.Module;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.BatchNorm1d;
import org.jtorch.nn.norm.SyncBatchNorm;
import org.junit.jupiter.api.Test;

/** Data parallel steps in which the processes are not in step, or whose parameters change their use. */
class DataParallelEdgesTest {

    /** Layers of which the last may be unused. */
    static final class Net extends Module<Tensor, Tensor> {
        Linear a = new Linear(4, 4);
        Linear b = new Linear(4, 4);
        Linear c = new Linear(4, 4);
        Linear extra = new Linear(4, 4);
        boolean all;

        @Override
        protected Tensor forward(Tensor x) {
            Tensor y = c.call(b.call(a.call(x)));
            return all ? extra.call(y) : y;
        }
    }

    /** Two layers with a batch normalization between them. */
    static final class Normalized extends Module<Tensor, Tensor> {
        Linear a = new Linear(4, 4);
        BatchNorm1d norm = new BatchNorm1d(4);
        Linear b = new Linear(4, 4);

        @Override
        protected Tensor forward(Tensor x) {
            return b.call(norm.call(a.call(x)));
        }
    }

    static Tensor input(ProcessGroup group) {
        return Torch.ones(4, 4).mul(group.rank() + 1);
    }

    static String numbers(Tensor tensor) {
        return Arrays.toString(tensor.toFloatArray());
    }

    /** One process is late at each backward pass, while sums of different kinds follow each other. */
    static final class Late {
        public static void main(String[] arguments) throws InterruptedException {
            Torch.setNumThreads(1);
            try (ProcessGroup group = Distributed.init(o -> o.timeout(Duration.ofSeconds(60)))) {
                var model = new DistributedDataParallel<>(
                        new Net(), o -> o.findUnusedParameters(true).bucketCapMb(0.00001));
                Normalized inner = new Normalized();
                SyncBatchNorm.convertSyncBatchnorm(inner);
                var normalized = new DistributedDataParallel<>(inner, o -> o.bucketCapMb(0.00001));
                for (int step = 0; step < 40; step++) {
                    model.zeroGrad();
                    normalized.zeroGrad();
                    Tensor loss = model.call(input(group)).sum();
                    if (group.rank() == 1) {
                        TimeUnit.MILLISECONDS.sleep(3);
                    }
                    loss.backward();
                    normalized.call(Torch.randn(4, 4)).pow(2).sum().backward();
                }
                System.out.println("a " + numbers(((Net) model.module()).a.weight.grad()));
                System.out.println("b " + numbers(inner.a.weight.grad()));
            }
        }
    }

    @Test
    void aLateProcessDoesNotChangeTheOrderOfTheSums() {
        List<Ranks.Result> results = Ranks.run(2, Late.class);
        results.forEach(result -> assertEquals(0, result.status(), result::toString));
        assertEquals(results.get(0).value("a"), results.get(1).value("a"));
        assertEquals(results.get(0).value("b"), results.get(1).value("b"));
    }

    /** Further edges, one after the other. */
    static final class Edges {
        public static void main(String[] arguments) {
            Torch.setNumThreads(1);
            ProcessGroup group = Distributed.init(o -> o.timeout(Duration.ofSeconds(60)));
            print("options", () -> new DistributedDataParallel<>(new Net(), o -> o.bucketCapMb(group.rank() + 1)));
            addedUpBefore(group);
            startsWithoutBatches(group);
            frozen(group);
            Net net = new Net();
            net.all = true;
            var shared = new DistributedDataParallel<>(net, o -> o.gradientAsBucketView(true));
            shared.call(input(group)).sum().backward();
            shared.zeroGrad(false);
            System.out.println("zeros " + numbers(net.extra.bias.grad()));
            group.newGroup(List.of(0)).ifPresent(one -> print("subgroup", () -> one.newGroup(List.of(0))));
            print("unequal", () -> group.newGroup(List.of(group.rank())));
            print("object", () -> group.broadcastObject(group.rank() == 0 ? new Object() : null, 0));
            Tensor conjugate = Torch.complex(Torch.ones(2), Torch.ones(2)).conj();
            group.allReduce(conjugate);
            System.out.println("conjugate "
                    + numbers(Torch.viewAsReal(conjugate.resolveConj()).view(-1)));
            Tensor sum = Torch.ones(1);
            group.allReduce(sum);
            System.out.println("after " + numbers(sum));
            print("expanded", () -> group.allReduce(Torch.ones(1).expand(3)));
            dropped(group);
            group.close();
            print("closed", () -> shared.call(input(group)));
        }

        /** A gradient that was only added up is averaged by the next step, also if that does not use its parameter. */
        private static void addedUpBefore(ProcessGroup group) {
            Net net = new Net();
            var model = new DistributedDataParallel<>(net, o -> o.findUnusedParameters(true));
            net.all = true;
            try (DistributedDataParallel.NoSync local = model.noSync()) {
                model.call(input(group)).mul(group.rank() + 1).sum().backward();
            }
            net.all = false;
            model.call(input(group)).sum().backward();
            System.out.println("extra " + numbers(net.extra.bias.grad()));
        }

        /** A process without batches in the first block learns in the second which parameters are used. */
        private static void startsWithoutBatches(ProcessGroup group) {
            Net net = new Net();
            var model =
                    new DistributedDataParallel<>(net, o -> o.staticGraph(true).bucketCapMb(0.00001));
            for (int block = 0; block < 2; block++) {
                try (Join join = model.join()) {
                    for (int step = 0; step < (block == 0 && group.rank() == 1 ? 0 : 2); step++) {
                        model.zeroGrad();
                        model.call(input(group)).sum().backward();
                    }
                }
            }
            System.out.println("static " + numbers(net.c.bias.grad()) + " " + (net.extra.bias.grad() == null));
        }

        private static void frozen(ProcessGroup group) {
            Net net = new Net();
            net.extra.weight.requiresGrad_(false);
            var model = new DistributedDataParallel<>(net, o -> o.findUnusedParameters(true));
            net.a.weight.requiresGrad_(false);
            model.call(input(group)).sum().backward();
            System.out.println("frozen " + (net.a.weight.grad() == null) + " " + numbers(net.c.bias.grad()));
            net.extra.weight.requiresGrad_(true);
            print("unfrozen", () -> model.call(input(group)));
        }

        /** A wrapper that nobody has any more does its work to the end of a step, and is then collected with its buckets. */
        private static void dropped(ProcessGroup group) {
            Net net = new Net();
            WeakReference<Reducer> reducer = new WeakReference<>(null);
            for (int model = 0; model < 2; model++) {
                var made = new DistributedDataParallel<>(net, o -> o.findUnusedParameters(true));
                Tensor loss = made.call(input(group)).sum();
                reducer = new WeakReference<>(made.reducer());
                made = null;
                collect(reducer, 200);
                net.zeroGrad();
                loss.backward();
                System.out.println("unreachable" + model + " "
                        + numbers(net.c.weight.grad().flatten().narrow(0, 0, 2)));
            }
            collect(reducer, 20_000);
            System.out.println("collected " + (reducer.get() == null));
        }

        /** Collects garbage until an object is gone, or time is over. */
        private static void collect(WeakReference<?> object, long millis) {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
            while (object.get() != null && System.nanoTime() < end) {
                System.gc();
                try {
                    TimeUnit.MILLISECONDS.sleep(10);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }

        private static void print(String name, Runnable fails) {
            try {
                fails.run();
                System.out.println(name + " no error");
            } catch (IllegalArgumentException | IllegalStateException | TorchException e) {
                System.out.println(name + " " + e.getClass().getSimpleName() + " "
                        + String.valueOf(e.getMessage()).replace('\n', ' '));
            }
        }
    }

    @Test
    void edges() {
        List<Ranks.Result> results = Ranks.run(2, Edges.class);
        for (Ranks.Result result : results) {
            assertEquals(0, result.status(), result::toString);
            assertTrue(
                    result.value("options")
                            .contains(
                                    "rank 1 has options bucketCapMb(2.0).broadcastBuffers(true)"
                                            + ".findUnusedParameters(false).staticGraph(false), rank 0 has options bucketCapMb(1.0)"),
                    result::toString);
            assertEquals("[6.0, 6.0, 6.0, 6.0]", result.value("extra")); // 4 rows times (1 + 2) / 2
            assertEquals("[4.0, 4.0, 4.0, 4.0] true", result.value("static"));
            assertEquals("true [4.0, 4.0, 4.0, 4.0]", result.value("frozen"));
            assertTrue(
                    result.value("unfrozen").contains("the parameter extra.weight requires grad now"),
                    result::toString);
            assertEquals("[0.0, 0.0, 0.0, 0.0]", result.value("zeros"));
            assertTrue(result.value("unequal").contains("rank 1 newGroup of the ranks [1]"), result::toString);
            assertEquals("[2.0, -2.0, 2.0, -2.0]", result.value("conjugate"));
            assertEquals("[2.0]", result.value("after"));
            assertTrue(result.value("expanded").contains("share memory, as expand() makes them"), result::toString);
            assertEquals("true", result.value("collected"));
            assertTrue(
                    result.value("closed").startsWith("IllegalStateException the group was closed"), result::toString);
        }
        for (String name : List.of("unreachable0", "unreachable1")) {
            assertEquals(results.get(0).value(name), results.get(1).value(name));
        }
        assertTrue(
                results.get(0).value("subgroup").contains("groups are made by the group of all processes"),
                results::toString);
        assertTrue(results.get(0).value("object").contains("Object"), results::toString);
        assertTrue(results.get(1).value("object").contains("rank 0 could not send its value"), results::toString);
    }
}
