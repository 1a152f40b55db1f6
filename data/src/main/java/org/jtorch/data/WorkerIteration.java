package org.jtorch.data;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.WorkerThreads;
import org.jtorch.nn.TensorTree;

/**
 * An epoch with workers. At most {@code ahead} batches are given to each worker and not taken yet. Batches are given to the
 * workers in turn and taken in the same turn, so that their order does not depend on timing.
 */
final class WorkerIteration<B> implements CloseableIterator<B> {

    private static final IndexSource.Task STREAM = new IndexSource.Task(-1, new int[0]);

    @SuppressWarnings("UnusedVariable") // keeps the loader, and with it persistent workers, alive
    private final DataLoader<?> loader;

    private final WorkerPool<B> pool;
    private final WorkerPool<B>.Epoch epoch;
    private final @Nullable IndexSource indices;
    private final Position position;
    private final boolean inOrder;
    private final long timeoutNanos;
    private final int most;

    /** Null if the pool outlives this iterator. */
    private final Cleaner.@Nullable Cleanable cleanable;

    private int outstanding;
    private int next;
    private int submitted;
    private WorkerPool.@Nullable Result<B> ready;
    private boolean closed;

    WorkerIteration(
            DataLoader<B> loader,
            WorkerPool<B> pool,
            WorkerPool<B>.Epoch epoch,
            @Nullable IndexSource indices,
            Position position,
            DataLoader.Options options) {
        this.loader = loader;
        this.pool = pool;
        this.epoch = epoch;
        this.indices = indices;
        this.position = position;
        inOrder = options.inOrder;
        timeoutNanos = TimeUnit.NANOSECONDS.convert(options.timeout); // the greatest long for longer ones
        int each = options.prefetchFactor == null ? DataLoader.PREFETCH : options.prefetchFactor;
        most = (int) Math.min(Integer.MAX_VALUE, (long) each * pool.size());
        cleanable = options.persistentWorkers ? null : WorkerPool.CLEANER.register(this, pool::close);
        if (indices == null) {
            next = position.nextWorker();
            for (int worker = 0; worker < pool.size(); worker++) {
                for (int i = 0; i < each && !position.isEnded(worker); i++) {
                    epoch.submit(worker, STREAM);
                    outstanding++;
                }
            }
        } else {
            fill(indices);
        }
    }

    private void fill(IndexSource source) {
        while (outstanding < most) {
            IndexSource.Task task = source.next();
            if (task == null) {
                return;
            }
            epoch.submit(submitted++ % pool.size(), task);
            outstanding++;
        }
    }

    @Override
    public boolean hasNext() {
        if (closed || ready != null) {
            return !closed;
        }
        if (indices != null) {
            if (outstanding > 0) {
                return true;
            }
        } else {
            ready = nextOfStream();
            if (ready != null) {
                return true;
            }
        }
        position.finish();
        close();
        return false;
    }

    /** Returns the next batch of the streams, or null if all have ended. */
    private WorkerPool.@Nullable Result<B> nextOfStream() {
        while (true) {
            int skipped = 0;
            while (inOrder && skipped < pool.size() && position.isEnded(next)) {
                next = (next + 1) % pool.size();
                skipped++;
            }
            if (outstanding == 0 || skipped == pool.size()) {
                return null;
            }
            WorkerPool.Result<B> result = take(next);
            outstanding--;
            next = (result.worker() + 1) % pool.size();
            if (!result.isEnd()) {
                return result;
            }
            position.ended(result.worker());
        }
    }

    private WorkerPool.Result<B> take(int worker) {
        try {
            WorkerPool.Result<B> result = epoch.take(worker, timeoutNanos);
            if (result == null) {
                throw new DataLoaderException(
                        "DataLoader timed out after " + timeoutNanos / 1e9 + " seconds",
                        -1,
                        inOrder ? worker : -1,
                        null);
            }
            return result;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DataLoaderException("the thread was interrupted while it waited for a batch", -1, -1, e);
        } finally {
            Reference.reachabilityFence(this); // otherwise the pool could be closed while it waits
        }
    }

    @Override
    public B next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the epoch is over");
        }
        WorkerPool.Result<B> result = ready;
        if (result != null) {
            ready = null;
            position.delivered(result.worker());
            if (!position.isEnded(result.worker())) {
                epoch.submit(result.worker(), STREAM);
                outstanding++;
            }
        } else {
            result = take(next);
            next = (next + 1) % pool.size();
            outstanding--;
            position.delivered(result.number());
            fill(Objects.requireNonNull(indices));
        }
        Throwable failure = result.failure();
        if (failure != null) {
            throw DataLoaderException.of(failure, WorkerPool.what(result.indices()), result.worker());
        }
        B batch = Objects.requireNonNull(result.batch());
        TensorTree.forEach(batch, WorkerThreads::adopt);
        return batch;
    }

    @Override
    public void close() {
        closed = true;
        ready = null;
        if (cleanable != null) {
            cleanable.clean();
        } else {
            pool.end(epoch);
        }
    }
}
