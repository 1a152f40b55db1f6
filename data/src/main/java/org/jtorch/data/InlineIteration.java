package org.jtorch.data;

import java.lang.ref.Cleaner;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/** An epoch without workers: batches are made when they are asked for, on the thread that asks. */
final class InlineIteration<B> implements CloseableIterator<B> {

    private final Loading.Reader<B> reader;
    private final @Nullable IndexSource indices;
    private final Position position;
    private final WorkerInfo.Reading reading = new WorkerInfo.Reading(null);
    private final Cleaner.Cleanable cleanable;

    private IndexSource.@Nullable Task task;
    private @Nullable B ahead;
    private boolean closed;

    /**
     * Creates the iterator of an epoch.
     *
     * @param indices null for a stream
     */
    InlineIteration(Loading.Reader<B> reader, @Nullable IndexSource indices, Position position) {
        this.reader = reader;
        this.indices = indices;
        this.position = position;
        cleanable = WorkerPool.CLEANER.register(this, reader::close);
        if (indices == null && !position.isEnded(0)) {
            skip();
        }
    }

    /** Reads what was delivered before the loader was saved. */
    private void skip() {
        WorkerInfo.Reading outer = reading.enter();
        try {
            for (long batch = 0; batch < position.batches(0); batch++) {
                reading.begin(position.seed + batch);
                reader.skip();
            }
        } finally {
            WorkerInfo.Reading.exit(outer);
        }
    }

    @Override
    public boolean hasNext() {
        if (closed || task != null || ahead != null) {
            return !closed;
        }
        if (indices != null) {
            task = indices.next();
        } else {
            ahead = read(position.seed + position.batches(0), null);
        }
        if (task == null && ahead == null) {
            position.finish();
            close();
            return false;
        }
        return true;
    }

    private @Nullable B read(long seed, int @Nullable [] of) {
        WorkerInfo.Reading outer = reading.enter();
        reading.begin(seed);
        try {
            return reader.read(of, Tensor::unscoped);
        } catch (Exception e) {
            if (of == null) {
                position.delivered(0);
            }
            throw DataLoaderException.of(e, WorkerPool.what(of), -1);
        } finally {
            WorkerInfo.Reading.exit(outer);
        }
    }

    @Override
    public B next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the epoch is over");
        }
        IndexSource.Task current = task;
        B batch;
        if (current != null) {
            task = null;
            position.delivered(current.number());
            batch = read(position.seed + current.number(), current.indices());
        } else {
            batch = ahead;
            ahead = null;
            position.delivered(0);
        }
        if (batch == null) {
            throw new IllegalStateException("there is no batch");
        }
        return batch;
    }

    @Override
    public void close() {
        closed = true;
        task = null;
        ahead = null;
        cleanable.clean();
    }
}
