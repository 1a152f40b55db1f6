package org.jtorch.data;

import static org.jtorch.data.DataLoaderTest.dataset;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.amp.Autocast;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The threads of a loader: failures, ends, limits and stress. */
class WorkersTest {

    private static Set<Thread> workers() {
        Set<Thread> found = new HashSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("jtorch-data-")) {
                found.add(thread);
            }
        }
        return found;
    }

    private static void await(BooleanSupplier condition, String what) throws InterruptedException {
        long end = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, what);
            Thread.sleep(5);
        }
    }

    private static Set<Thread> begunSince(Set<Thread> before) {
        Set<Thread> begun = workers();
        begun.removeAll(before);
        return begun;
    }

    // --- failures ----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void aFailureComesOnceWithItsCauseAndTheRestFollows(int workers) {
        IOException cause = new IOException("unreadable");
        Dataset<Integer> data = new Dataset<>() {
            @Override
            public Integer get(int index) throws IOException {
                if (index == 5) {
                    throw cause;
                }
                return index;
            }

            @Override
            public int size() {
                return 12;
            }

            @Override
            public String toString() {
                return "data";
            }
        };
        CloseableIterator<List<Integer>> iterator = DataLoader.of(
                        data, (List<Integer> l) -> l, o -> o.batchSize(2).numWorkers(workers))
                .iterator();
        List<List<Integer>> seen = new ArrayList<>(List.of(iterator.next(), iterator.next()));
        DataLoaderException thrown = assertThrows(DataLoaderException.class, iterator::next);
        assertSame(cause, thrown.getCause());
        assertEquals(5, thrown.index());
        assertEquals(workers == 0 ? -1 : 0, thrown.worker());
        assertTrue(thrown.getMessage().contains(".get(5) failed"), thrown.getMessage());
        assertTrue(thrown.getMessage().endsWith("java.io.IOException: unreadable"), thrown.getMessage());
        assertEquals(workers > 0, thrown.getMessage().contains("in DataLoader worker 0"), thrown.getMessage());
        iterator.forEachRemaining(seen::add);
        assertEquals(List.of(List.of(0, 1), List.of(2, 3), List.of(6, 7), List.of(8, 9), List.of(10, 11)), seen);
    }

    @Test
    void errorsAndFailingCollationsReachTheCaller() {
        Iterator<?> error = new DataLoader<>(
                        dataset(2, i -> {
                            throw new StackOverflowError();
                        }),
                        o -> o.numWorkers(1))
                .iterator();
        assertInstanceOf(
                StackOverflowError.class,
                assertThrows(DataLoaderException.class, error::next).getCause());
        String unequal = DataLoaderTest.failure(new DataLoader<>(
                dataset(3, i -> Torch.zeros(i + 1)), o -> o.batchSize(3).numWorkers(1)));
        assertTrue(
                unequal.startsWith("the batch of examples [0, 1, 2] could not be made in DataLoader worker 0: "),
                unequal);
        assertTrue(
                unequal.contains("stack expects each tensor to be equal size, but got [1] at entry 0 and [2]"),
                unequal);
    }

    @Test
    void aFailureOfAStream() {
        for (int workers : new int[] {0, 1}) {
            IterableDataset<Integer> stream = () -> IntStream.range(0, 4)
                    .map(i -> {
                        if (i == 2) {
                            throw new IllegalStateException("broken");
                        }
                        return i;
                    })
                    .iterator();
            Iterator<Integer> iterator =
                    new DataLoader<>(stream, o -> o.batchSize(null).numWorkers(workers)).iterator();
            assertEquals(0, iterator.next());
            assertEquals(1, iterator.next());
            DataLoaderException thrown = assertThrows(DataLoaderException.class, iterator::next);
            assertEquals("broken", thrown.getCause().getMessage());
        }
    }

    @Test
    void aFailingWorkerInit() {
        DataLoader<Integer> loader = new DataLoader<>(
                new Numbers(4), o -> o.batchSize(null).numWorkers(1).workerInit(info -> {
                    throw new IllegalStateException("not ready");
                }));
        assertTrue(DataLoaderTest.failure(loader).endsWith("not ready"));
    }

    // --- the ends of threads -----------------------------------------------------------------------------------

    @Test
    void threadsEndWithTheEpoch() throws InterruptedException {
        Set<Thread> before = workers();
        DataLoader<Integer> loader =
                new DataLoader<>(new Numbers(5), o -> o.batchSize(null).numWorkers(2));
        Iterator<Integer> iterator = loader.iterator();
        Set<Thread> begun = begunSince(before);
        assertEquals(2, begun.size());
        assertTrue(begun.stream().allMatch(Thread::isDaemon));
        iterator.forEachRemaining(i -> {});
        await(() -> begun.stream().noneMatch(Thread::isAlive), "the threads end");
    }

    @Test
    void closeEndsThreads() throws InterruptedException {
        Set<Thread> before = workers();
        try (CloseableIterator<Integer> iterator =
                new DataLoader<>(new Numbers(1000), o -> o.batchSize(null).numWorkers(2)).iterator()) {
            iterator.next();
        }
        await(() -> begunSince(before).isEmpty(), "the threads end");
    }

    @Test
    void breakEndsThreads() throws InterruptedException {
        Set<Thread> before = workers();
        DataLoader<Integer> loader =
                new DataLoader<>(new Numbers(1000), o -> o.batchSize(null).numWorkers(2));
        takeOne(loader);
        assertEquals(2, begunSince(before).size());
        await(
                () -> {
                    System.gc();
                    return begunSince(before).isEmpty();
                },
                "the threads end when the iterator is unreachable");
        assertEquals(1000, loader.size());
    }

    private static void takeOne(DataLoader<Integer> loader) {
        for (int example : loader) {
            assertEquals(0, example);
            break;
        }
    }

    @Test
    void persistentWorkersStayAndEndWithTheLoader() throws InterruptedException {
        Set<Thread> before = workers();
        useTwice(before);
        await(
                () -> {
                    System.gc();
                    return begunSince(before).isEmpty();
                },
                "the threads end when the loader is unreachable");
    }

    private static void useTwice(Set<Thread> before) {
        Set<Thread> used = ConcurrentHashMap.newKeySet();
        AtomicInteger begun = new AtomicInteger();
        DataLoader<Integer> loader = new DataLoader<>(
                dataset(20, i -> {
                    used.add(Thread.currentThread());
                    return i;
                }),
                o -> o.batchSize(null)
                        .numWorkers(2)
                        .persistentWorkers(true)
                        .workerInit(info -> begun.incrementAndGet()));
        for (int epoch = 0; epoch < 3; epoch++) {
            assertEquals(20, Numbers.drain(loader).size());
        }
        assertEquals(2, used.size());
        assertEquals(2, begun.get());
        assertEquals(2, begunSince(before).size());
        CloseableIterator<Integer> old = loader.iterator();
        assertEquals(0, old.next());
        assertEquals(20, Numbers.drain(loader).size());
        assertThrows(IllegalStateException.class, old::next);
    }

    @Test
    void iteratorsOfStreamsAreClosed() throws InterruptedException {
        for (int workers : new int[] {0, 2}) {
            AtomicInteger open = new AtomicInteger();
            IterableDataset<Integer> stream = () -> {
                open.incrementAndGet();
                Iterator<Integer> numbers = IntStream.range(0, 10).iterator();
                return new CloseableIterator<>() {
                    @Override
                    public boolean hasNext() {
                        return numbers.hasNext();
                    }

                    @Override
                    public Integer next() {
                        return numbers.next();
                    }

                    @Override
                    public void close() {
                        open.decrementAndGet();
                    }
                };
            };
            DataLoader<Integer> loader = new DataLoader<>(
                    new ChainDataset<>(stream, stream), o -> o.batchSize(null).numWorkers(workers));
            assertEquals(20 * Math.max(1, workers), Numbers.drain(loader).size());
            await(() -> open.get() == 0, "closed at the end");
            CloseableIterator<Integer> stopped = loader.iterator();
            stopped.next();
            stopped.close();
            await(() -> open.get() == 0, "closed early");
        }
    }

    // --- limits ------------------------------------------------------------------------------------------------

    @Test
    void workersReadAtMostTheirFactorAhead() throws InterruptedException {
        AtomicInteger read = new AtomicInteger();
        for (boolean inOrder : new boolean[] {true, false}) {
            read.set(0);
            CloseableIterator<Integer> iterator = new DataLoader<>(
                            dataset(100, i -> {
                                read.incrementAndGet();
                                return i;
                            }),
                            o -> o.batchSize(null)
                                    .numWorkers(2)
                                    .prefetchFactor(3)
                                    .inOrder(inOrder))
                    .iterator();
            await(() -> read.get() == 6, "read ahead");
            Thread.sleep(50);
            assertEquals(6, read.get());
            iterator.next();
            await(() -> read.get() == 7, "one more");
            Thread.sleep(50);
            assertEquals(7, read.get());
            iterator.close();
        }
    }

    @Test
    void streamsReadAtMostTheirFactorAhead() throws InterruptedException {
        AtomicInteger read = new AtomicInteger();
        IterableDataset<Integer> stream =
                () -> IntStream.range(0, 100).peek(i -> read.incrementAndGet()).iterator();
        CloseableIterator<Integer> iterator =
                new DataLoader<>(stream, o -> o.batchSize(null).numWorkers(2).prefetchFactor(3)).iterator();
        await(() -> read.get() == 6, "read ahead");
        Thread.sleep(50);
        assertEquals(6, read.get());
        iterator.close();
    }

    @Test
    void timeout() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        CloseableIterator<Integer> iterator = new DataLoader<>(
                        dataset(3, i -> {
                            try {
                                go.await();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                            return i;
                        }),
                        o -> o.batchSize(null).numWorkers(1).timeout(Duration.ofMillis(50)))
                .iterator();
        String message = assertThrows(DataLoaderException.class, iterator::next).getMessage();
        assertEquals("DataLoader timed out after 0.05 seconds", message);
        go.countDown();
        int first = -1;
        while (first < 0) {
            try {
                first = iterator.next();
            } catch (DataLoaderException e) {
                Thread.sleep(5); // still too early
            }
        }
        assertEquals(0, first); // nothing is lost
    }

    @Test
    void anInterruptedConsumer() {
        CountDownLatch never = new CountDownLatch(1);
        CloseableIterator<Integer> iterator = new DataLoader<>(
                        dataset(3, i -> {
                            try {
                                never.await();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                            return i;
                        }),
                        o -> o.batchSize(null).numWorkers(1))
                .iterator();
        Thread.currentThread().interrupt();
        DataLoaderException thrown = assertThrows(DataLoaderException.class, iterator::next);
        assertTrue(Thread.interrupted());
        assertInstanceOf(InterruptedException.class, thrown.getCause());
        never.countDown();
        assertEquals(0, iterator.next());
    }

    // --- what workers know -------------------------------------------------------------------------------------

    @Test
    void workerInfo() {
        Set<Integer> started = ConcurrentHashMap.newKeySet();
        Dataset<Integer> ids =
                dataset(8, i -> WorkerInfo.current().orElseThrow().id());
        DataLoader<Integer> loader =
                new DataLoader<>(ids, o -> o.batchSize(null).numWorkers(2).workerInit(info -> {
                    assertSame(ids, info.dataset());
                    assertEquals(2, info.numWorkers());
                    assertEquals(info, WorkerInfo.current().orElseThrow());
                    started.add(info.id());
                }));
        assertEquals(List.of(0, 1, 0, 1, 0, 1, 0, 1), Numbers.drain(loader));
        assertEquals(Set.of(0, 1), started);
    }

    @Test
    void workersComputeOnOneThread() {
        int threads = Torch.getNumThreads();
        DataLoader<Integer> loader = new DataLoader<>(
                dataset(2, i -> Torch.getNumThreads()), o -> o.batchSize(null).numWorkers(2));
        assertEquals(List.of(1, 1), Numbers.drain(loader));
        assertEquals(threads, Torch.getNumThreads());
        int[] later = new int[1];
        Thread other = new Thread(() -> later[0] = Torch.getNumThreads());
        other.start();
        try {
            other.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        assertEquals(threads, later[0]);
    }

    @Test
    void batchesOutOfOrderComeAsSoonAsTheyAreMade() {
        CountDownLatch go = new CountDownLatch(1);
        Dataset<Integer> data = dataset(8, i -> {
            if (i == 0) {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return i;
        });
        CloseableIterator<Integer> iterator =
                new DataLoader<>(data, o -> o.batchSize(null).numWorkers(2).inOrder(false)).iterator();
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 7; i++) {
            seen.add(iterator.next());
        }
        assertFalse(seen.contains(0));
        go.countDown();
        assertEquals(0, iterator.next());
        assertFalse(iterator.hasNext());
    }

    @Test
    void stress() {
        long end = System.nanoTime() + 2_000_000_000L;
        int round = 0;
        TensorDataset data = new TensorDataset(Torch.arange(0, 64));
        Dataset<Tensor> slow = dataset(64, i -> {
            if (ThreadLocalRandom.current().nextInt(8) == 0) {
                LockSupport.parkNanos(1000);
            }
            return data.tensors().get(0).select(0, i).add(0);
        });
        while (System.nanoTime() < end) {
            int workers = 1 + round % 4;
            int size = 1 + round % 7;
            boolean inOrder = round % 3 != 0;
            boolean persistent = round % 2 == 0;
            int factor = 1 + round % 3;
            DataLoader<Tensor> loader = new DataLoader<>(slow, o -> o.batchSize(size)
                    .numWorkers(workers)
                    .inOrder(inOrder)
                    .persistentWorkers(persistent)
                    .prefetchFactor(factor));
            for (int epoch = 0; epoch < 3; epoch++) {
                int stop = epoch == 1 ? round % 5 : 64;
                List<Long> seen = new ArrayList<>();
                for (Tensor batch : loader) {
                    for (long value : batch.toLongArray()) {
                        seen.add(value);
                    }
                    batch.close();
                    if (stop-- == 0) {
                        break;
                    }
                }
                if (epoch != 1) {
                    if (!inOrder) {
                        seen.sort(null);
                    }
                    assertEquals(IntStream.range(0, 64).mapToObj(i -> (long) i).toList(), seen);
                }
            }
            round++;
        }
        assertTrue(round > 5);
    }

    @Test
    void optionsThatAreGreaterThanAnythingElse() {
        DataLoader<Integer> loader = new DataLoader<>(dataset(5, i -> i), o -> o.batchSize(null)
                .numWorkers(2)
                .prefetchFactor(Integer.MAX_VALUE)
                .timeout(Duration.ofSeconds(Long.MAX_VALUE)));
        List<Integer> taken = new ArrayList<>();
        loader.forEach(taken::add);
        assertEquals(List.of(0, 1, 2, 3, 4), taken);
    }

    /** A mode belongs to its thread. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void workersDoNotInheritModes(int workers) {
        Dataset<List<Boolean>> modes =
                dataset(2, i -> List.of(Autograd.isGradEnabled(), Autocast.isEnabled(Device.CPU)));
        try (GradMode mode = Autograd.noGrad();
                Autocast autocast = new Autocast(Device.CPU)) {
            for (List<Boolean> found :
                    new DataLoader<List<Boolean>>(modes, o -> o.batchSize(null).numWorkers(workers))) {
                assertEquals(workers == 0 ? List.of(false, true) : List.of(true, false), found);
            }
        }
    }
}
