package org.jtorch.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes that end, stop, are missing, or do not do what the others do: each is an error that says so, never a hang or a crash. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(120)
class FaultsTest {

    /** Adds up numbers until an error, which it prints. The argument is the timeout in seconds. */
    static final class Steps {
        public static void main(String[] arguments) {
            Duration timeout = Duration.ofSeconds(Integer.parseInt(arguments[0]));
            try (ProcessGroup group = Distributed.init(o -> o.timeout(timeout))) {
                long last = System.nanoTime();
                try {
                    for (int step = 0; ; step++) {
                        Tensor gradient = Torch.ones(1000);
                        Work work = group.allReduceAsync(gradient, ReduceOp.AVG);
                        work.await();
                        last = System.nanoTime();
                        if (step % 20 == 0) {
                            System.out.println("step " + step);
                        }
                        Thread.sleep(5);
                    }
                } catch (DistributedException e) {
                    print(e);
                    System.out.println("seconds " + (System.nanoTime() - last) / 1_000_000_000);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            System.out.println("closed");
        }
    }

    static void print(DistributedException e) {
        System.out.println("ranks " + e.ranks());
        System.out.println("error " + e.getMessage());
    }

    private static void signal(Process process, String name) throws IOException, InterruptedException {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor());
    }

    private static long steps(Ranks ranks, int index) {
        return ranks.lines(index).stream()
                .filter(line -> line.startsWith("step"))
                .count();
    }

    /** A short pause is survived; a rank that is killed afterwards is named by all others. */
    @Test
    void aPauseIsSurvivedAndADeathIsNamed() throws Exception {
        try (Ranks ranks = Ranks.start(3, Steps.class, "30")) {
            ranks.awaitLine(2, "step 20");
            signal(ranks.process(1), "STOP");
            TimeUnit.SECONDS.sleep(3);
            long before = steps(ranks, 0);
            signal(ranks.process(1), "CONT");
            ranks.awaitLine(0, "step " + 20 * (before + 2));
            signal(ranks.process(2), "KILL");
            List<Ranks.Result> results = ranks.await(Duration.ofSeconds(60));
            for (int rank = 0; rank < 2; rank++) {
                Ranks.Result result = results.get(rank);
                assertEquals(0, result.status(), result::toString);
                assertEquals("[2]", result.value("ranks"), result::toString);
                String error = result.value("error");
                assertTrue(
                        error.startsWith("allReduce failed in rank " + rank + ": rank 2 has ended or stopped"), error);
                assertTrue(Long.parseLong(result.value("seconds")) < 15, result::toString);
                assertClear(error);
            }
        }
    }

    /** Rank 0 serves the store, so that the other one cannot ask who has stopped. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aStoppedRankIsNamedAfterTheTimeout(int stopped) throws Exception {
        try (Ranks ranks = Ranks.start(2, Steps.class, "4")) {
            ranks.awaitLine(1 - stopped, "step 20");
            signal(ranks.process(stopped), "STOP");
            ranks.awaitLine(1 - stopped, "closed");
            ranks.awaitEnd(1 - stopped);
            signal(ranks.process(stopped), "KILL");
            Ranks.Result other = ranks.await(Duration.ofSeconds(30)).get(1 - stopped);
            assertEquals(0, other.status(), other::toString);
            assertEquals("[" + stopped + "]", other.value("ranks"), other::toString);
            assertTrue(Long.parseLong(other.value("seconds")) < 15, other::toString);
            assertClear(other.value("error"));
        }
    }

    @Test
    void theDeathOfTheStoreIsNamed() throws Exception {
        try (Ranks ranks = Ranks.start(2, Steps.class, "30")) {
            ranks.awaitLine(1, "step 20");
            signal(ranks.process(0), "KILL");
            Ranks.Result second = ranks.await(Duration.ofSeconds(30)).get(1);
            assertEquals(0, second.status(), second::toString);
            assertEquals("[0]", second.value("ranks"), second::toString);
            assertTrue(
                    second.value("error").contains("rank 0, or the launcher, has ended or stopped"), second::toString);
            assertClear(second.value("error"));
        }
    }

    /** Connects, and prints the error. */
    static final class Connects {
        public static void main(String[] arguments) {
            Duration timeout = Duration.ofSeconds(Integer.parseInt(arguments[0]));
            try (ProcessGroup group = Distributed.init(o -> o.timeout(timeout))) {
                group.barrier();
                System.out.println("connected");
            } catch (DistributedException e) {
                print(e);
            }
        }
    }

    @Test
    void wrongWorldSizes() {
        try (Ranks ranks = Ranks.none()) {
            int port = Distributed.freePort();
            ranks.add(Ranks.environment(0, 3, port), Connects.class, "8");
            ranks.add(Ranks.environment(1, 2, port), Connects.class, "8");
            List<Ranks.Result> results = ranks.await(Duration.ofSeconds(60));
            assertEquals(
                    "rank 1 was started with WORLD_SIZE=2, but rank 0 with WORLD_SIZE=3: all processes need the same number",
                    results.get(1).value("error"));
            assertEquals("[1, 2]", results.get(0).value("ranks"));
            assertTrue(
                    results.get(0).value("error").contains("waited PT8S for ranks 1, 2, which did not start"),
                    results::toString);
            results.forEach(result -> assertClear(result.value("error")));
        }
    }

    @Test
    void theSameRankTwice() {
        try (Ranks ranks = Ranks.none()) {
            int port = Distributed.freePort();
            ranks.add(Ranks.environment(0, 3, port), Connects.class, "8");
            ranks.add(Ranks.environment(1, 3, port), Connects.class, "8");
            ranks.add(Ranks.environment(1, 3, port), Connects.class, "8");
            List<Ranks.Result> results = ranks.await(Duration.ofSeconds(60));
            assertEquals(
                    1,
                    results.stream()
                            .filter(r -> r.value("error")
                                    .equals("another process is rank 1 already: each needs a RANK of its own"))
                            .count(),
                    results::toString);
            assertEquals("[2]", results.get(0).value("ranks"), results::toString);
        }
    }

    /** What one process sees that finds no other. */
    static final class Alone {
        public static void main(String[] arguments) throws IOException {
            try (ServerSocket other = new ServerSocket(0)) {
                attempt(0, other.getLocalPort());
            }
            int port = Distributed.freePort();
            attempt(0, port);
            attempt(0, port); // the port is free again
            attempt(1, port);
        }

        private static void attempt(int rank, int port) {
            try (ProcessGroup group = Distributed.init(o -> o.rank(rank)
                    .worldSize(2)
                    .masterAddr("127.0.0.1")
                    .masterPort(port)
                    .timeout(Duration.ofSeconds(2)))) {
                System.out.println("connected " + group.rank());
            } catch (DistributedException e) {
                print(e);
            }
        }
    }

    @Test
    void oneProcessAlone() {
        Ranks.Result result = Ranks.run(1, Alone.class).get(0);
        assertEquals(0, result.status(), result::toString);
        List<String> errors = result.lines().stream()
                .filter(line -> line.startsWith("error "))
                .toList();
        assertEquals(4, errors.size(), result::toString);
        assertTrue(errors.get(0).startsWith("error rank 0 cannot serve at port "), result::toString);
        assertTrue(errors.get(1).contains("rank 0 waited PT2S for rank 1, which did not start"), result::toString);
        assertTrue(errors.get(2).contains("rank 0 waited PT2S for rank 1, which did not start"), result::toString);
        assertTrue(errors.get(3).contains("rank 1 did not reach rank 0 at 127.0.0.1:"), result::toString);
        errors.forEach(FaultsTest::assertClear);
    }

    /** Calls that do not fit together, and then one that does. */
    static final class Mismatches {
        public static void main(String[] arguments) {
            try (ProcessGroup group = Distributed.init(o -> o.timeout(Duration.ofSeconds(8)))) {
                boolean first = group.rank() == 0;
                attempt("size", () -> group.allReduce(Torch.ones(first ? 3 : 1_000_000)));
                attempt("shape", () -> group.allGather(first ? Torch.ones(2, 3) : Torch.ones(3, 2)));
                attempt(
                        "dtype",
                        () -> group.broadcast(
                                first ? Torch.ones(3) : Torch.ones(3).to(DType.INT64), 0));
                attempt("operation", () -> {
                    if (first) {
                        group.barrier();
                    } else {
                        group.allReduceAsync(Torch.ones(3), ReduceOp.SUM).await();
                    }
                });
                attempt("source", () -> group.broadcast(Torch.ones(3), group.rank()));
                attempt("empty", () -> group.allReduce(Torch.ones(first ? 0 : 3)));
                attempt("reduction", () -> group.allReduce(Torch.ones(3), first ? ReduceOp.MAX : ReduceOp.SUM));
                Tensor sum = Torch.ones(3);
                group.allReduce(sum);
                System.out.println("sum " + sum.sum().item());
                attempt("transfer", () -> {
                    if (first) {
                        group.send(Torch.ones(5), 1);
                    } else {
                        group.recv(Torch.ones(4), 0);
                    }
                });
            }
        }

        private static void attempt(String name, Runnable call) {
            try {
                call.run();
                System.out.println(name + " succeeded");
            } catch (DistributedException e) {
                System.out.println(name + " " + e.getMessage());
            }
        }
    }

    @Test
    void callsThatDoNotFitAreRefused() {
        List<Ranks.Result> results = Ranks.run(2, Mismatches.class);
        for (Ranks.Result result : results) {
            assertEquals(0, result.status(), result::toString);
            String start =
                    "the processes have called different operations, or the same operation with tensors of different shapes"
                            + " or dtypes: ";
            for (String each : List.of("size", "shape", "dtype", "operation", "source", "empty", "reduction")) {
                assertTrue(result.value(each).startsWith(start), result::toString);
            }
            assertTrue(result.value("size").contains("rank 0 allReduce by SUM of torch.float32 [3]"), result::toString);
            assertTrue(
                    result.value("size").contains("rank 1 allReduce by SUM of torch.float32 [1000000]"),
                    result::toString);
            assertTrue(result.value("operation").contains("rank 0 barrier"), result::toString);
            assertEquals("6.0", result.value("sum"));
        }
        assertTrue(
                results.get(1)
                        .value("transfer")
                        .startsWith(
                                "rank 0 sends a tensor of torch.float32 [5], but rank 1 receives a tensor of torch.float32 [4]"),
                results::toString);
        assertTrue(results.get(0).value("transfer").startsWith("send failed in rank 0: "), results::toString);
    }

    /** Groups that are closed, made again, and used at the same time, while the collector runs. */
    static final class Lives {
        public static void main(String[] arguments) throws Exception {
            Thread collector = new Thread(() -> {
                while (true) {
                    System.gc();
                    try {
                        TimeUnit.MILLISECONDS.sleep(20);
                    } catch (InterruptedException e) {
                        return;
                    }
                }
            });
            collector.setDaemon(true);
            collector.start();
            for (int life = 0; life < 3; life++) {
                ProcessGroup group = Distributed.init(o -> o.timeout(Duration.ofSeconds(40)));
                refused("again", Distributed::init);
                parallel(group);
                group.close();
                group.close();
                refused("closed", group::barrier);
                refused("closed", () -> group.send(Torch.ones(1), (group.rank() + 1) % group.size()));
                System.out.println("life " + life + " " + Distributed.isInitialized());
            }
        }

        private static void refused(String name, Runnable call) {
            try {
                call.run();
            } catch (IllegalStateException e) {
                System.out.println(name + " " + e.getMessage());
            }
        }

        /** Three groups of two processes each, at the same time. */
        private static void parallel(ProcessGroup all) throws InterruptedException {
            List<Thread> threads = new ArrayList<>();
            double[] sums = new double[3];
            for (List<Integer> members : List.of(List.of(0, 1), List.of(1, 2), List.of(2, 0))) {
                Optional<ProcessGroup> made = all.newGroup(members);
                int index = threads.size();
                Thread thread = new Thread(() -> made.ifPresent(group -> {
                    for (int i = 0; i < 50; i++) {
                        Tensor value = Torch.full(new long[] {100}, (double) all.rank());
                        group.allReduceAsync(value, ReduceOp.SUM).await();
                        sums[index] = value.select(0, 99).item();
                    }
                    group.close();
                }));
                threads.add(thread);
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            all.barrier();
            System.out.println("sums " + java.util.Arrays.toString(sums));
        }
    }

    @Test
    void groupsEndAndBeginAgainWhileTheCollectorRuns() {
        List<Ranks.Result> results = Ranks.run(3, Lives.class);
        List<String> sums = List.of("[1.0, 0.0, 2.0]", "[1.0, 3.0, 0.0]", "[0.0, 3.0, 2.0]");
        for (int rank = 0; rank < 3; rank++) {
            Ranks.Result result = results.get(rank);
            assertEquals(0, result.status(), result::toString);
            assertEquals(sums.get(rank), result.value("sums"), result::toString);
            assertEquals("false", result.value("life 2"), result::toString);
            assertEquals("the group was closed", result.value("closed"), result::toString);
            assertTrue(
                    result.value("again").startsWith("this process is rank " + rank + " of 3 already"),
                    result::toString);
        }
    }

    /** Ends without closing the group, or with an operation that no other process has called. */
    static final class Leaves {
        public static void main(String[] arguments) {
            ProcessGroup group = Distributed.init(o -> o.timeout(Duration.ofSeconds(60)));
            group.barrier();
            System.out.println("leaves");
            if (group.rank() == 0) {
                System.exit(5);
            }
            if (group.rank() == 1) {
                var unused = group.allReduceAsync(Torch.ones(1000), ReduceOp.SUM);
                group.close();
            }
        }
    }

    @Test
    void theEndOfAJvmIsNoCrash() {
        for (int i = 0; i < Integer.getInteger("jtorch.distributed.ends", 1); i++) {
            List<Ranks.Result> results = Ranks.run(3, Leaves.class);
            assertEquals(5, results.get(0).status(), results::toString);
            assertEquals(0, results.get(1).status(), results::toString);
            assertEquals(0, results.get(2).status(), results::toString);
            results.forEach(result -> assertEquals(List.of("leaves"), result.lines()));
        }
    }

    /** An error says what happened in words, without the engine's source. */
    private static void assertClear(String error) {
        for (String part : List.of(".cpp", ".cc:", "[enforce", "frame #", "GLHF", "0x", "/home/", "Exception raised")) {
            assertTrue(!error.contains(part), error);
        }
    }
}
