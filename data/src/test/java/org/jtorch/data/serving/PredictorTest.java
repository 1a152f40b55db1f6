package org.jtorch.data.serving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PredictorTest {

    record Point(Tensor x, Tensor y) {}

    /** A function that waits in each batch until it is let go. */
    private static final class Gate implements Function<Tensor, Tensor> {
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch open = new CountDownLatch(1);
        final AtomicInteger examples = new AtomicInteger();

        @Override
        public Tensor apply(Tensor batch) {
            examples.addAndGet((int) batch.size(0));
            entered.countDown();
            try {
                open.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return batch.add(1);
        }
    }

    private static Tensor one(double value) {
        return Torch.tensor(new float[] {(float) value});
    }

    @Test
    void eachOfEightThreadsGetsTheResultsOfItsRequests() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(8);
        try (Predictor<Tensor, Tensor> predictor =
                new Predictor<>(x -> x.mul(2), o -> o.maxBatchSize(16).workers(2))) {
            List<Future<Integer>> wrong = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                int first = thread * 1000;
                wrong.add(callers.submit(() -> {
                    int count = 0;
                    for (int i = first; i < first + 1000; i++) {
                        try (TensorScope scope = new TensorScope()) {
                            Tensor result = predictor.call(one(i));
                            count += result.item() == 2.0 * i && result.dim() == 1 && scope.owns(result) ? 0 : 1;
                        }
                    }
                    return count;
                }));
            }
            for (Future<Integer> each : wrong) {
                assertEquals(0, each.get());
            }
            PredictorFigures figures = predictor.figures();
            assertEquals(8000, figures.answered());
            assertEquals(8000, figures.latency().count());
            assertEquals(
                    8000,
                    figures.batchSizes().entrySet().stream()
                            .mapToLong(e -> e.getKey() * e.getValue())
                            .sum());
            assertTrue(figures.batchSizes().lastKey() <= 16, figures::toString);
            assertTrue(figures.meanBatchSize() > 1.5, figures::toString);
            assertEquals(0, figures.queued());
        } finally {
            callers.shutdown();
        }
    }

    @Test
    void aFullBatchDoesNotWait() throws Exception {
        try (Predictor<Tensor, Tensor> predictor =
                new Predictor<>(x -> x, o -> o.maxBatchSize(4).maxLatency(Duration.ofHours(1)))) {
            List<CompletableFuture<Tensor>> results = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                results.add(predictor.submit(one(i)));
            }
            for (int i = 0; i < 4; i++) {
                assertEquals(i, results.get(i).get().item());
            }
            assertEquals(Map.of(4, 1L), predictor.figures().batchSizes());
        }
    }

    @Test
    void aBatchThatIsNotFullStartsAtTheBound() throws Exception {
        try (Predictor<Tensor, Tensor> predictor =
                new Predictor<>(x -> x, o -> o.maxBatchSize(4).maxLatency(Duration.ofMillis(300)))) {
            long start = System.nanoTime();
            CompletableFuture<Tensor> first = predictor.submit(one(1));
            CompletableFuture<Tensor> second = predictor.submit(one(2));
            assertEquals(1, first.get().item());
            assertEquals(2, second.get().item());
            assertTrue(System.nanoTime() - start >= 300_000_000);
            assertEquals(Map.of(2, 1L), predictor.figures().batchSizes());
            assertTrue(predictor.figures().waiting().percentile(100).toMillis() >= 300);
        }
    }

    @Test
    void theBoundIsNotThatOfTheLastArrival() {
        try (Predictor<Tensor, Tensor> predictor =
                new Predictor<>(x -> x, o -> o.maxBatchSize(4).maxLatency(Duration.ofMillis(1)))) {
            predictor.call(one(1)).close();
            predictor.call(one(1)).close();
            assertEquals(Map.of(1, 2L), predictor.figures().batchSizes());
        }
    }

    @Test
    void requestsOfDifferentShapesAreNotJoined() throws Exception {
        Gate gate = new Gate();
        try (Predictor<Tensor, Tensor> predictor = new Predictor<>(gate, o -> o.maxLatency(Duration.ofMillis(1)))) {
            CompletableFuture<Tensor> blocker = predictor.submit(Torch.zeros(9));
            gate.entered.await();
            List<CompletableFuture<Tensor>> results = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                results.add(predictor.submit(Torch.full(new long[] {1 + i % 2}, i)));
            }
            gate.open.countDown();
            for (int i = 0; i < 6; i++) {
                assertArrayEquals(
                        i % 2 == 0 ? new float[] {i + 1} : new float[] {i + 1, i + 1},
                        results.get(i).get().toFloatArray());
            }
            blocker.get();
            assertEquals(Map.of(1, 1L, 3, 2L), predictor.figures().batchSizes());
        }
    }

    @Test
    void anOwnCollationJoinsThemAll() throws Exception {
        Gate gate = new Gate();
        try (Predictor<Tensor, Tensor> predictor = new Predictor<>(
                gate,
                o -> o.collate(
                        inputs -> Torch.stack(inputs.stream().map(Tensor::sum).toList())))) {
            CompletableFuture<Tensor> blocker = predictor.submit(Torch.zeros(9));
            gate.entered.await();
            CompletableFuture<Tensor> two = predictor.submit(Torch.ones(2));
            CompletableFuture<Tensor> three = predictor.submit(Torch.ones(3));
            gate.open.countDown();
            assertEquals(3, two.get().item());
            assertEquals(4, three.get().item());
            blocker.get();
            assertEquals(Map.of(1, 1L, 2, 1L), predictor.figures().batchSizes());
        }
    }

    @Test
    void recordsAreJoinedAndSplit() {
        try (Predictor<Point, Map<String, Tensor>> predictor =
                new Predictor<>(p -> Map.of("sum", p.x().add(p.y()), "x", p.x()))) {
            Map<String, Tensor> result = predictor.call(new Point(Torch.ones(2, 3), Torch.ones(3)));
            assertArrayEquals(new long[] {2, 3}, result.get("sum").shape());
            assertEquals(12, result.get("sum").sum().item());
        }
    }

    @Test
    void runsInInferenceModeAndAResultOutlivesThePredictorAndItsInput() throws Exception {
        CompletableFuture<Tensor> future;
        try (Predictor<Tensor, Tensor> predictor = new Predictor<>(
                x -> {
                    assertTrue(Autograd.isInferenceModeEnabled());
                    return x.add(1);
                },
                o -> o.maxLatency(Duration.ofMillis(100)))) {
            try (TensorScope scope = new TensorScope()) {
                future = predictor.submit(one(1)); // freed before the batch is computed
            }
        }
        assertEquals(2, future.get().item());
    }

    // --- deadlines and cancelling ------------------------------------------------------------------------------

    @Test
    void aRequestWhoseDeadlinePassesIsNotComputed() throws Exception {
        Gate gate = new Gate();
        try (Predictor<Tensor, Tensor> predictor = new Predictor<>(gate)) {
            CompletableFuture<Tensor> blocker = predictor.submit(one(1));
            gate.entered.await();
            CompletableFuture<Tensor> late = predictor.submit(one(2), Duration.ofMillis(20));
            ExecutionException e = assertThrows(ExecutionException.class, late::get); // although the thread is busy
            assertInstanceOf(TimeoutException.class, e.getCause());
            assertTrue(
                    e.getCause().getMessage().startsWith("the request was not started within 20.0 ms: "), e::toString);
            assertThrows(TimeoutException.class, () -> predictor.call(one(2), Duration.ofMillis(20)));
            CompletableFuture<Tensor> inTime = predictor.submit(one(3), Duration.ofHours(1));
            gate.open.countDown();
            assertEquals(4, inTime.get().item());
            assertEquals(2, blocker.get().item());
            assertEquals(2, gate.examples.get());
            assertEquals(2, predictor.figures().expired());
            assertEquals(Map.of(1, 2L), predictor.figures().batchSizes());
            assertEquals(2, predictor.figures().answered());
        }
    }

    @Test
    void aRequestDoesNotWaitForOthersUntilItsDeadline() throws Exception {
        try (Predictor<Tensor, Tensor> predictor = new Predictor<>(x -> x, o -> o.maxLatency(Duration.ofHours(1)))) {
            CompletableFuture<Tensor> patient = predictor.submit(one(2));
            assertEquals(1, predictor.call(one(1), Duration.ofSeconds(2)).item());
            assertEquals(2, patient.get().item(), "it is in the same batch");
        }
    }

    @Test
    void aCancelledRequestIsNotComputed() throws Exception {
        Gate gate = new Gate();
        try (Predictor<Tensor, Tensor> predictor = new Predictor<>(gate, o -> o.queueCapacity(2))) {
            CompletableFuture<Tensor> blocker = predictor.submit(one(1));
            gate.entered.await();
            for (int i = 0; i < 20; i++) { // cancelled ones leave the queue
                assertTrue(predictor.submit(one(i)).cancel(false));
            }
            gate.open.countDown();
            assertEquals(2, blocker.get().item());
            assertEquals(6, predictor.call(one(5)).item());
            assertEquals(2, gate.examples.get());
            assertEquals(20, predictor.figures().cancelled());
            assertEquals(Map.of(1, 2L), predictor.figures().batchSizes());
        }
    }

    // --- back-pressure -----------------------------------------------------------------------------------------

    @Test
    void aFullQueueRejects() throws Exception {
        Gate gate = new Gate();
        try (Predictor<Tensor, Tensor> predictor = new Predictor<>(gate, o -> o.queueCapacity(3))) {
            List<CompletableFuture<Tensor>> accepted = new ArrayList<>(List.of(predictor.submit(one(0))));
            gate.entered.await();
            for (int i = 1; i <= 3; i++) {
                accepted.add(predictor.submit(one(i)));
            }
            RejectedExecutionException e =
                    assertThrows(RejectedExecutionException.class, () -> predictor.submit(one(4)));
            assertTrue(e.getMessage().startsWith("the queue is full with 3 requests that wait: "), e::toString);
            assertEquals(3, predictor.figures().queued());
            gate.open.countDown();
            for (int i = 0; i <= 3; i++) {
                assertEquals(i + 1, accepted.get(i).get().item());
            }
            assertEquals(1, predictor.figures().rejected());
        }
    }

    @Test
    void aCallerWaitsForSpaceIfAsked() throws Exception {
        Gate gate = new Gate();
        ExecutorService caller = Executors.newSingleThreadExecutor();
        try (Predictor<Tensor, Tensor> predictor =
                new Predictor<>(gate, o -> o.queueCapacity(1).waitWhenFull(true))) {
            predictor.submit(one(0));
            gate.entered.await();
            predictor.submit(one(1));
            Future<Tensor> third = caller.submit(() -> predictor.call(one(2)));
            assertThrows(TimeoutException.class, () -> third.get(100, TimeUnit.MILLISECONDS));
            assertThrows(
                    RejectedExecutionException.class,
                    () -> predictor.submit(one(3), Duration.ofMillis(10)),
                    "at its deadline");
            gate.open.countDown();
            assertEquals(3, third.get().item());
        } finally {
            caller.shutdown();
        }
    }

    // --- failures ----------------------------------------------------------------------------------------------

    @Test
    void oneBadRequestDoesNotFailTheOthers() throws Exception {
        try (Predictor<Tensor, Tensor> predictor =
                new Predictor<>(PredictorTest::positive, o -> o.maxBatchSize(3).maxLatency(Duration.ofHours(1)))) {
            CompletableFuture<Tensor> good = predictor.submit(one(1));
            CompletableFuture<Tensor> bad = predictor.submit(one(-1));
            CompletableFuture<Tensor> good2 = predictor.submit(one(2));
            assertEquals(1, good.get().item());
            assertEquals(2, good2.get().item());
            PredictorException e = assertInstanceOf(
                    PredictorException.class,
                    assertThrows(ExecutionException.class, bad::get).getCause());
            assertEquals("the request failed: java.lang.IllegalArgumentException: negative", e.getMessage());
            assertEquals(1, predictor.figures().failed());
            assertEquals(2, predictor.figures().answered());
        }
    }

    @Test
    void withoutRetryingAllFailOnceAndThePredictorGoesOn() throws Exception {
        try (Predictor<Tensor, Tensor> predictor =
                new Predictor<>(PredictorTest::positive, o -> o.maxBatchSize(2).retrySingly(false))) {
            CompletableFuture<Tensor> good = predictor.submit(one(1));
            CompletableFuture<Tensor> bad = predictor.submit(one(-1));
            Throwable first = assertThrows(ExecutionException.class, good::get).getCause();
            Throwable second = assertThrows(ExecutionException.class, bad::get).getCause();
            assertEquals(
                    "a batch of 2 requests failed: java.lang.IllegalArgumentException: negative", first.getMessage());
            assertSame(first.getCause(), second.getCause());
            assertEquals(3, predictor.call(one(3)).item());
            assertThrows(PredictorException.class, () -> predictor.call(one(-3)));
        }
    }

    @Test
    void anErrorReachesTheCallersToo() {
        AssertionError error = new AssertionError("broken");
        try (Predictor<Tensor, Tensor> predictor = new Predictor<>(x -> {
            throw error;
        })) {
            assertSame(
                    error,
                    assertThrows(PredictorException.class, () -> predictor.call(one(1)))
                            .getCause());
            assertSame(
                    error,
                    assertThrows(PredictorException.class, () -> predictor.call(one(1)))
                            .getCause());
        }
    }

    @Test
    void anOutputWithoutTheBatchIsRefused() {
        try (Predictor<Tensor, Tensor> predictor = new Predictor<>(Tensor::sum)) {
            PredictorException e = assertThrows(PredictorException.class, () -> predictor.call(one(1)));
            assertTrue(e.getMessage().contains("returned a tensor of size [] for a batch of 1 requests"), e::toString);
        }
    }

    private static Tensor positive(Tensor batch) {
        if (batch.min().item() < 0) {
            throw new IllegalArgumentException("negative");
        }
        return batch;
    }

    // --- the end -----------------------------------------------------------------------------------------------

    @Test
    void closeAnswersWhatWasAccepted() throws Exception {
        List<CompletableFuture<Tensor>> results = new ArrayList<>();
        Predictor<Tensor, Tensor> predictor =
                new Predictor<>(x -> x, o -> o.maxBatchSize(8).maxLatency(Duration.ofHours(1)));
        for (int i = 0; i < 100; i++) {
            results.add(predictor.submit(one(i)));
        }
        predictor.close();
        for (int i = 0; i < 100; i++) {
            assertTrue(results.get(i).isDone());
            assertEquals(i, results.get(i).get().item());
        }
        predictor.close();
        RejectedExecutionException e = assertThrows(RejectedExecutionException.class, () -> predictor.call(one(1)));
        assertEquals("the predictor was closed", e.getMessage());
    }

    @Test
    void closeNowCancelsWhatWaits() throws Exception {
        Gate gate = new Gate();
        Predictor<Tensor, Tensor> predictor =
                new Predictor<>(gate, o -> o.waitWhenFull(true).queueCapacity(2));
        CompletableFuture<Tensor> running = predictor.submit(one(1));
        gate.entered.await();
        CompletableFuture<Tensor> waiting = predictor.submit(one(2));
        CompletableFuture<Tensor> withDeadline = predictor.submit(one(2), Duration.ofHours(1));
        CompletableFuture<Void> blocked = CompletableFuture.runAsync(() -> predictor.call(one(3)));
        CompletableFuture<Void> closing = CompletableFuture.runAsync(predictor::closeNow);
        assertThrows(CancellationException.class, waiting::get);
        assertThrows(CancellationException.class, withDeadline::get);
        assertInstanceOf(
                RejectedExecutionException.class,
                assertThrows(ExecutionException.class, blocked::get).getCause());
        assertFalse(closing.isDone(), "a batch is computed");
        gate.open.countDown();
        closing.get();
        assertEquals(2, running.get().item());
        assertEquals(2, predictor.figures().cancelled());
    }

    @Test
    void badOptionsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Predictor<Tensor, Tensor>(x -> x, o -> o.workers(0)));
        assertThrows(
                IllegalArgumentException.class, () -> new Predictor<Tensor, Tensor>(x -> x, o -> o.maxBatchSize(0)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Predictor<Tensor, Tensor>(x -> x, o -> o.maxLatency(Duration.ofMillis(-1))));
        try (Predictor<Tensor, Tensor> predictor = new Predictor<>(x -> x)) {
            assertThrows(IllegalArgumentException.class, () -> predictor.submit(one(1), Duration.ZERO));
        }
    }
}
