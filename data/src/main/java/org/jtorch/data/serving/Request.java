package org.jtorch.data.serving;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.jtorch.Size;
import org.jtorch.Tensor;
import org.jtorch.internal.WorkerThreads;
import org.jtorch.nn.TensorTree;

/**
 * A request: its input, and the future of its result. The input is over the same memory as that of the caller, in tensors of its own,
 * so that the caller may close his. It is started, expired or cancelled, whichever comes first, and only then are these freed.
 */
final class Request<I, O> {

    private enum State {
        WAITING,
        STARTED,
        DROPPED
    }

    final CompletableFuture<O> future = new CompletableFuture<>();
    final long arrival = System.nanoTime();

    /** Requests with equal keys can be in one batch. */
    final Object key;

    /** When it must be started, in the time of {@link System#nanoTime}, even if the batch is not full. */
    final long due;

    private final Figures figures;
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private final I input;
    private volatile @Nullable Future<?> alarm;

    Request(I given, boolean grouped, long maxLatencyNanos, @Nullable Duration timeout, Figures figures) {
        this.figures = figures;
        // a request waits for others half of its time at most
        due = arrival + (timeout == null ? maxLatencyNanos : Math.min(maxLatencyNanos, nanos(timeout) / 2));
        input = TensorTree.map(given, tensor -> {
            Tensor own = tensor.detach();
            WorkerThreads.handOver(own);
            return own;
        });
        key = grouped ? key(input) : "";
    }

    /** Returns the time, or 146 years if it is longer. */
    static long nanos(Duration duration) {
        return duration.compareTo(Duration.ofNanos(Long.MAX_VALUE / 2)) > 0 ? Long.MAX_VALUE / 2 : duration.toNanos();
    }

    private static Object key(Object input) {
        List<Object> parts = new ArrayList<>();
        parts.add(input.getClass());
        TensorTree.forEach(input, tensor -> {
            parts.add(tensor.dtype());
            parts.add(tensor.device());
            parts.add(Size.of(tensor.shape()));
        });
        return parts;
    }

    void setAlarm(Future<?> newAlarm) {
        alarm = newAlarm;
        if (state.get() != State.WAITING) {
            newAlarm.cancel(false);
        }
    }

    /** Returns whether the caller still waits for this request, which is then started. Otherwise it is dropped. */
    boolean start() {
        if (future.isDone()) {
            if (drop()) {
                figures.cancelled.increment();
            }
            return false;
        }
        if (!state.compareAndSet(State.WAITING, State.STARTED)) {
            return false;
        }
        stopAlarm();
        figures.waiting.record(System.nanoTime() - arrival);
        return true;
    }

    /** Returns whether this request will never be started, and can leave the queue. */
    boolean isAbandoned() {
        return state.get() == State.DROPPED || future.isDone();
    }

    /** Called at the deadline. */
    void expire(Duration timeout) {
        if (!future.isDone() && drop()) {
            figures.expired.increment();
            future.completeExceptionally(new TimeoutException("the request was not started within "
                    + nanos(timeout) / 1e6
                    + " ms: the queue is longer than its deadline allows, so send fewer requests or add workers"));
        }
    }

    void cancel() {
        if (drop()) {
            figures.cancelled.increment();
            future.cancel(false);
        }
    }

    private boolean drop() {
        if (!state.compareAndSet(State.WAITING, State.DROPPED)) {
            return false;
        }
        stopAlarm();
        free();
        return true;
    }

    private void stopAlarm() {
        Future<?> current = alarm;
        if (current != null) {
            current.cancel(false);
        }
    }

    I input() {
        return input;
    }

    /** Frees the input's tensors. */
    void free() {
        TensorTree.forEach(input, tensor -> {
            WorkerThreads.adopt(tensor);
            tensor.close();
        });
    }

    /** Gives the result to the caller; if he does not want it any more, it is freed. */
    void succeed(O result) {
        if (!future.isDone()) {
            TensorTree.forEach(result, WorkerThreads::handOver);
            figures.answered.increment(); // before, so that the caller sees it
            figures.latency.record(System.nanoTime() - arrival);
            if (future.complete(result)) {
                return;
            }
            figures.answered.decrement();
            TensorTree.forEach(result, WorkerThreads::adopt);
        }
        figures.cancelled.increment();
        TensorTree.forEach(result, Tensor::close);
    }

    void fail(String message, Throwable cause) {
        figures.failed.increment();
        if (!future.completeExceptionally(new PredictorException(message, cause))) {
            figures.failed.decrement();
            figures.cancelled.increment();
        }
    }
}
