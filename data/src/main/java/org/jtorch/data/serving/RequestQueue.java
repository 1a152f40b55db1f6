package org.jtorch.data.serving;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The requests that wait, in a group for each key. A group becomes a batch when it is full, or its first request is due. */
final class RequestQueue<I, O> {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition space = lock.newCondition();
    private final Map<Object, Deque<Request<I, O>>> groups = new LinkedHashMap<>();
    private final int capacity;
    private final int maxBatchSize;
    private int size;
    private boolean closed;

    RequestQueue(int capacity, int maxBatchSize) {
        this.capacity = capacity;
        this.maxBatchSize = maxBatchSize;
    }

    /** What became of a request. */
    enum Admission {
        ACCEPTED,
        FULL,
        CLOSED
    }

    /**
     * Adds a request.
     *
     * @param patienceNanos for how long it waits for space if the queue is full
     */
    Admission add(Request<I, O> request, long patienceNanos) throws InterruptedException {
        lock.lock();
        try {
            long left = patienceNanos;
            while (!closed && isFull()) {
                if (left <= 0) {
                    return Admission.FULL;
                }
                left = space.awaitNanos(left);
            }
            if (closed) {
                return Admission.CLOSED;
            }
            Deque<Request<I, O>> group = groups.computeIfAbsent(request.key, key -> new ArrayDeque<>());
            group.add(request);
            size++;
            if (group.size() == 1 || group.size() >= maxBatchSize || isDueFirst(request, group)) {
                changed.signal();
            }
            return Admission.ACCEPTED;
        } finally {
            lock.unlock();
        }
    }

    private static boolean isDueFirst(Request<?, ?> request, Deque<? extends Request<?, ?>> group) {
        return request.due - group.getFirst().due < 0;
    }

    private boolean isFull() {
        if (size >= capacity) {
            purge();
        }
        return size >= capacity;
    }

    /** Removes the requests that expired or were cancelled. */
    private void purge() {
        for (Iterator<Deque<Request<I, O>>> all = groups.values().iterator(); all.hasNext(); ) {
            Deque<Request<I, O>> group = all.next();
            for (Iterator<Request<I, O>> requests = group.iterator(); requests.hasNext(); ) {
                Request<I, O> request = requests.next();
                if (request.isAbandoned()) {
                    requests.remove();
                    size--;
                    request.start(); // counts and frees it
                }
            }
            if (group.isEmpty()) {
                all.remove();
            }
        }
    }

    /** Waits for a batch and returns its requests, which are started; or null if the queue is closed and empty. */
    @Nullable
    List<Request<I, O>> take() {
        lock.lock();
        try {
            while (true) {
                Map.Entry<Object, Deque<Request<I, O>>> next = null;
                long due = 0;
                for (Map.Entry<Object, Deque<Request<I, O>>> entry : groups.entrySet()) {
                    long at = due(entry.getValue());
                    if (next == null || at - due < 0) {
                        next = entry;
                        due = at;
                    }
                }
                if (next == null) {
                    if (closed) {
                        return null;
                    }
                    changed.awaitUninterruptibly();
                    continue;
                }
                long left = closed ? 0 : due - System.nanoTime();
                if (left > 0) {
                    await(left);
                    continue;
                }
                List<Request<I, O>> batch = removeFrom(next);
                if (!batch.isEmpty()) {
                    return batch;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns when a group must be started: at the first time of its requests, or, if it is full, at the arrival of the first. */
    private long due(Deque<Request<I, O>> group) {
        Request<I, O> first = group.getFirst();
        if (group.size() >= maxBatchSize) {
            return first.arrival;
        }
        long due = first.due;
        for (Request<I, O> request : group) {
            if (request.due - due < 0) {
                due = request.due;
            }
        }
        return due;
    }

    private void await(long nanos) {
        try {
            changed.awaitNanos(nanos);
        } catch (InterruptedException e) {
            return; // only the function that is served knows this thread; the caller looks again at what there is to do
        }
    }

    private List<Request<I, O>> removeFrom(Map.Entry<Object, Deque<Request<I, O>>> entry) {
        Deque<Request<I, O>> group = entry.getValue();
        List<Request<I, O>> batch = new ArrayList<>(Math.min(maxBatchSize, group.size()));
        while (batch.size() < maxBatchSize && !group.isEmpty()) {
            Request<I, O> request = group.removeFirst();
            size--;
            if (request.start()) {
                batch.add(request);
            }
        }
        if (group.isEmpty()) {
            groups.remove(entry.getKey());
        }
        space.signalAll();
        if (!groups.isEmpty()) {
            changed.signal(); // another thread may take the next one
        }
        return batch;
    }

    /** Accepts no further requests. Those that wait are started at once, or dropped. */
    void close(boolean drop) {
        List<Request<I, O>> dropped = new ArrayList<>();
        lock.lock();
        try {
            closed = true;
            if (drop) {
                groups.values().forEach(dropped::addAll);
                groups.clear();
                size = 0;
            }
            changed.signalAll();
            space.signalAll();
        } finally {
            lock.unlock();
        }
        dropped.forEach(Request::cancel);
    }

    int size() {
        lock.lock();
        try {
            return size;
        } finally {
            lock.unlock();
        }
    }
}
