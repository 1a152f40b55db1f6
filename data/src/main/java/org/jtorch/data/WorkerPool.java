package org.jtorch.data;

import java.lang.ref.Cleaner;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.OneThread;
import org.jtorch.internal.WorkerThreads;

/**
 * The threads of a loader. They wait for the tasks of the current epoch, and end when the pool is closed. A thread refers to the
 * pool only, and the pool refers neither to the loader nor to an iterator, so that both can become unreachable, which closes the
 * pool.
 */
final class WorkerPool<B> {

    static final Cleaner CLEANER = Cleaner.create();

    private static final AtomicInteger COUNT = new AtomicInteger();

    /**
     * A batch, a failure, or the end of a worker's stream.
     *
     * @param number the number of the batch
     */
    @SuppressWarnings("ArrayRecordComponent") // Results are not compared.
    record Result<B>(
            int worker,
            long number,
            @Nullable B batch,
            @Nullable Throwable failure,
            int @Nullable [] indices) {
        boolean isEnd() {
            return batch == null && failure == null;
        }
    }

    /** The tasks and results of one epoch, guarded by the pool's lock. */
    final class Epoch {
        private final long seed;
        private final boolean stream;
        private final boolean shared;
        private final long[] skip;

        /** For each worker, its tasks; only the first is used if the workers share them. */
        private final List<Deque<IndexSource.Task>> tasks;

        /** For each worker, its results; only the first is used if they need not be in order. */
        private final List<Deque<Result<B>>> results;

        /**
         * Creates an epoch.
         *
         * @param seed what the number of a batch is added to for its seed
         * @param inOrder whether the results of each worker are waited for by themselves
         * @param skip for a stream, the batches that each worker has to pass over
         */
        Epoch(long seed, boolean stream, boolean inOrder, long[] skip) {
            this.seed = seed;
            this.stream = stream;
            this.shared = !inOrder;
            this.skip = skip;
            tasks = Stream.generate(() -> (Deque<IndexSource.Task>) new ArrayDeque<IndexSource.Task>())
                    .limit(threads.length)
                    .toList();
            results = Stream.generate(() -> (Deque<Result<B>>) new ArrayDeque<Result<B>>())
                    .limit(threads.length)
                    .toList();
        }

        private Deque<IndexSource.Task> tasks(int worker) {
            return tasks.get(shared && !stream ? 0 : worker);
        }

        private Deque<Result<B>> results(int worker) {
            return results.get(shared ? 0 : worker);
        }

        /** Gives a task to a worker. */
        void submit(int worker, IndexSource.Task task) {
            lock.lock();
            try {
                tasks(worker).add(task);
                work.signalAll();
            } finally {
                lock.unlock();
            }
        }

        /**
         * Waits for a result and removes it.
         *
         * @param worker the worker whose result it is; any one if they need not be in order
         * @param timeoutNanos 0 for no limit
         * @return null if the time is over
         * @throws IllegalStateException if this epoch was ended
         */
        @Nullable
        Result<B> take(int worker, long timeoutNanos) throws InterruptedException {
            lock.lock();
            try {
                long left = timeoutNanos;
                while (true) {
                    if (closed || epoch != this) {
                        throw new IllegalStateException(
                                closed
                                        ? "the iterator was closed by another thread"
                                        : "a newer iterator of this loader is in use, which has persistent workers");
                    }
                    Result<B> result = results(worker).poll();
                    if (result != null) {
                        return result;
                    }
                    if (timeoutNanos == 0) {
                        done.await();
                    } else if (left <= 0) {
                        return null;
                    } else {
                        left = done.awaitNanos(left);
                    }
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition done = lock.newCondition();
    private final Loading<?, B> loading;
    private final Thread[] threads;
    private @Nullable Epoch epoch;
    private boolean closed;

    WorkerPool(Loading<?, B> loading, int workers, long seed, @Nullable Consumer<WorkerInfo> init) {
        this.loading = loading;
        threads = new Thread[workers];
        int pool = COUNT.incrementAndGet();
        try {
            for (int id = 0; id < workers; id++) {
                WorkerInfo info = new WorkerInfo(id, workers, seed + id, loading.source());
                Thread thread = new Thread(() -> run(info, init), "jtorch-data-" + pool + "-worker-" + id);
                thread.setDaemon(true);
                threads[id] = thread;
                thread.start();
            }
        } catch (Throwable e) { // the system refuses to create a thread
            close();
            throw e;
        }
    }

    int size() {
        return threads.length;
    }

    /** Begins an epoch, and ends the one before. */
    Epoch begin(long seed, boolean stream, boolean inOrder, long[] skip) {
        Epoch next = new Epoch(seed, stream, inOrder, skip);
        lock.lock();
        try {
            epoch = next;
            work.signalAll();
            done.signalAll();
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the current epoch if it is {@code ended}. The threads close what they read from, and wait. */
    void end(Epoch ended) {
        lock.lock();
        try {
            if (epoch == ended) {
                epoch = null;
                work.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the threads; one that is inside of the dataset ends after that. Threads are not interrupted: it would close files. */
    void close() {
        lock.lock();
        try {
            closed = true;
            work.signalAll();
            done.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // --- the threads -------------------------------------------------------------------------------------------

    private void run(WorkerInfo info, @Nullable Consumer<WorkerInfo> init) {
        WorkerInfo.Reading reading = new WorkerInfo.Reading(info);
        reading.enter();
        reading.begin(info.seed());
        Throwable unready = null;
        try {
            OneThread.fromNowOn();
            if (init != null) {
                init.accept(info);
            }
        } catch (Throwable e) {
            unready = e;
        }
        while (true) {
            Epoch current = await();
            if (current == null) {
                return;
            }
            try (Loading.Reader<B> reader = loading.reader()) {
                serve(current, reader, info, reading, unready);
            } catch (Throwable e) {
                System.getLogger(DataLoader.class.getName())
                        .log(System.Logger.Level.WARNING, "a worker of a DataLoader could not close its dataset", e);
            }
        }
    }

    /** Waits until there is an epoch and returns it, or null if the pool is closed. */
    private @Nullable Epoch await() {
        lock.lock();
        try {
            while (!closed && epoch == null) {
                work.awaitUninterruptibly();
            }
            return closed ? null : epoch;
        } finally {
            lock.unlock();
        }
    }

    /** Works on the tasks of {@code current} until it ends. */
    private void serve(
            Epoch current,
            Loading.Reader<B> reader,
            WorkerInfo info,
            WorkerInfo.Reading reading,
            @Nullable Throwable unready) {
        long made = 0;
        while (true) {
            IndexSource.Task task = next(current, info.id());
            if (task == null) {
                return;
            }
            Result<B> result;
            if (unready != null) {
                result = new Result<>(info.id(), task.number(), null, unready, null);
            } else {
                while (made < current.skip[info.id()]) {
                    reading.begin(current.seed + info.id() + made++ * threads.length);
                    skip(reader);
                }
                int[] indices = current.stream ? null : task.indices();
                long number = current.stream ? info.id() + made++ * threads.length : task.number();
                reading.begin(current.seed + number);
                result = read(reader, info.id(), task.number(), indices);
            }
            lock.lock();
            try {
                current.results(info.id()).add(result);
                done.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Waits for a task of {@code current}; null if the epoch has ended. */
    private IndexSource.@Nullable Task next(Epoch current, int worker) {
        lock.lock();
        try {
            while (!closed && epoch == current) {
                IndexSource.Task task = current.tasks(worker).poll();
                if (task != null) {
                    return task;
                }
                work.awaitUninterruptibly();
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private static void skip(Loading.Reader<?> reader) {
        try {
            reader.skip();
        } catch (Throwable e) {
            return; // It was thrown before the loader was saved, too.
        }
    }

    private static <B> Result<B> read(Loading.Reader<B> reader, int worker, long number, int @Nullable [] indices) {
        try {
            B batch = reader.read(indices, WorkerThreads::handOver);
            return new Result<>(worker, number, batch, null, null);
        } catch (Throwable e) { // reaches the thread that takes the batches
            return new Result<>(worker, number, null, e, indices);
        }
    }

    /** Returns the text for what could not be made. */
    static String what(int @Nullable [] indices) {
        if (indices == null) {
            return "a batch";
        }
        String list = indices.length <= 16
                ? Arrays.toString(indices)
                : Arrays.toString(Arrays.copyOf(indices, 16)).replace("]", ", …]");
        return indices.length == 1 ? "the batch of example " + indices[0] : "the batch of examples " + list;
    }

    /** Waits until the threads have ended, for tests. */
    boolean join(long seconds) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(seconds));
            if (thread.isAlive()) {
                return false;
            }
        }
        return true;
    }
}
