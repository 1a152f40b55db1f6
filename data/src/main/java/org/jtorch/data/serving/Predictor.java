package org.jtorch.data.serving;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.data.Collate;
import org.jtorch.internal.WorkerThreads;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.TensorTree;

/**
 * Joins single requests into batches and computes these, as the dynamic batching of Triton or TorchServe does. A batch of 32 often
 * takes hardly longer than a single example.
 *
 * <pre>{@code
 * try (Predictor<Tensor, Tensor> predictor = new Predictor<>(model::infer, o -> o.maxBatchSize(32))) {
 *     Tensor logits = predictor.call(image);                          // waits
 *     CompletableFuture<Tensor> later = predictor.submit(image);      // does not wait
 * }
 * }</pre>
 *
 * <p><b>Inputs and outputs.</b> A request is one example, without a dimension for the batch: a tensor, or a record, list or map of
 * tensors. The inputs of a batch are joined by {@link Collate#defaultCollate}, so that the function receives tensors with a new first
 * dimension. Each tensor that it returns must have that dimension too, and a request gets its row, without it. Requests whose tensors
 * have different shapes, dtypes or devices are not joined, unless {@link Options#collate} says how.
 *
 * <p><b>Ownership.</b> The caller may free the input after {@link #submit}, but must not change its values until the result is there.
 * A result belongs to the caller: that of {@link #call} to the current {@link TensorScope}, that of a future to the collector, if it
 * is not closed.
 *
 * <p>The function runs in inference mode, on threads of this object. Any number of threads may send requests.
 *
 * @param <I> the type of a request, and of a batch of them
 * @param <O> the type of a result, and of a batch of them
 */
public final class Predictor<I, O> implements AutoCloseable {

    /** The optional arguments of {@link Predictor}. */
    public static final class Options<I> {
        private int maxBatchSize = 32;
        private Duration maxLatency = Duration.ofMillis(2);
        private int queueCapacity = 1024;
        private int workers = 1;
        private boolean waitWhenFull;
        private boolean retrySingly = true;
        private @Nullable Function<? super List<I>, ? extends I> collate;

        private Options() {}

        /** Sets the most requests of a batch; the default is 32. */
        public Options<I> maxBatchSize(int newMaxBatchSize) {
            maxBatchSize = positive(newMaxBatchSize, "maxBatchSize");
            return this;
        }

        /**
         * Sets for how long a request waits for others if a thread is free; the default is 2 milliseconds. With zero it never does:
         * then a batch has the requests that arrived while the one before was computed.
         */
        public Options<I> maxLatency(Duration newMaxLatency) {
            if (newMaxLatency.isNegative()) {
                throw new IllegalArgumentException("maxLatency is " + newMaxLatency + ", but must not be negative");
            }
            maxLatency = newMaxLatency;
            return this;
        }

        /** Sets how many requests may wait; the default is 1024. */
        public Options<I> queueCapacity(int newQueueCapacity) {
            queueCapacity = positive(newQueueCapacity, "queueCapacity");
            return this;
        }

        /** Sets the number of threads, each of which computes one batch at a time; the default is 1. They share the cores. */
        public Options<I> workers(int newWorkers) {
            workers = positive(newWorkers, "workers");
            return this;
        }

        /** Sets whether a caller waits for space if the queue is full; by default the request is rejected. */
        public Options<I> waitWhenFull(boolean newWaitWhenFull) {
            waitWhenFull = newWaitWhenFull;
            return this;
        }

        /**
         * Sets whether the requests of a batch that fails are computed again one by one, so that a bad one does not fail the others;
         * the default is true. An {@link Error} is not tried again.
         */
        public Options<I> retrySingly(boolean newRetrySingly) {
            retrySingly = newRetrySingly;
            return this;
        }

        /**
         * Sets how inputs are joined, for example by padding them. All requests can then be in one batch. It is called with one input
         * too.
         */
        public Options<I> collate(Function<? super List<I>, ? extends I> newCollate) {
            collate = Objects.requireNonNull(newCollate, "collate");
            return this;
        }

        private static int positive(int value, String name) {
            if (value < 1) {
                throw new IllegalArgumentException(name + " is " + value + ", but must be at least 1");
            }
            return value;
        }
    }

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final RequestQueue<I, O> queue;
    private final Figures figures;
    private final int capacity;
    private final boolean waitWhenFull;
    private final boolean grouped;
    private final long maxLatencyNanos;
    private final List<Thread> threads = new ArrayList<>();
    private final ScheduledThreadPoolExecutor alarms;

    /** Creates a predictor with the default options, as {@link #Predictor(Function, Consumer)}. */
    public Predictor(Function<? super I, ? extends O> function) {
        this(function, o -> {});
    }

    /**
     * Creates a predictor and starts its threads.
     *
     * @param function computes a batch, for example {@code model::infer}. With several workers it is called by several threads at once
     * @param options sets the optional arguments
     */
    public Predictor(Function<? super I, ? extends O> function, Consumer<? super Options<I>> options) {
        Objects.requireNonNull(function, "function");
        Options<I> chosen = Customized.of(new Options<>(), options);
        capacity = chosen.queueCapacity;
        waitWhenFull = chosen.waitWhenFull;
        maxLatencyNanos = Request.nanos(chosen.maxLatency);
        grouped = chosen.collate == null;
        figures = new Figures(chosen.maxBatchSize);
        queue = new RequestQueue<>(capacity, chosen.maxBatchSize);
        Function<? super List<I>, ? extends I> collate = chosen.collate;
        BatchRunner<I, O> runner = new BatchRunner<>(
                function, collate == null ? Collate::defaultCollate : collate, chosen.retrySingly, figures);
        String name = "jtorch-predictor-" + COUNT.incrementAndGet();
        alarms = new ScheduledThreadPoolExecutor(1, task -> daemon(task, name + "-deadlines"));
        alarms.setRemoveOnCancelPolicy(true);
        try {
            for (int i = 0; i < chosen.workers; i++) {
                Thread thread = daemon(() -> serve(queue, runner), name + "-worker-" + i);
                thread.start();
                threads.add(thread);
            }
        } catch (Throwable e) { // the system refuses to create a thread
            closeNow();
            throw e;
        }
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    private static <I, O> void serve(RequestQueue<I, O> queue, BatchRunner<I, O> runner) {
        List<Request<I, O>> batch = queue.take();
        while (batch != null) {
            runner.run(batch);
            batch = queue.take();
        }
    }

    // --- requests ----------------------------------------------------------------------------------------------

    /**
     * Sends a request and returns at once.
     *
     * <p>The future fails with a {@link PredictorException} if the computation does. If it is cancelled before the request is started,
     * nothing is computed. What depends on it runs on the thread that computes batches, unless it is added by a method such as
     * {@link CompletableFuture#thenApplyAsync}.
     *
     * @param input one example
     * @throws RejectedExecutionException if the queue is full, or this predictor was closed
     */
    public CompletableFuture<O> submit(I input) {
        return send(input, null);
    }

    /**
     * Sends a request with a deadline and returns at once, as {@link #submit(Object)}. If the request is not started within {@code
     * timeout}, its future fails with a {@link TimeoutException}, and nothing is computed.
     *
     * @param timeout the time from now; a request waits for others half of it at most
     * @throws RejectedExecutionException if the queue is full, with {@link Options#waitWhenFull} until the deadline, or this predictor
     *     was closed
     */
    public CompletableFuture<O> submit(I input, Duration timeout) {
        return send(input, positive(timeout));
    }

    /**
     * Sends a request and waits for the result.
     *
     * @param input one example
     * @return the result, which belongs to the current scope
     * @throws PredictorException if the computation fails
     * @throws RejectedExecutionException if the queue is full, or this predictor was closed
     * @throws CancellationException if the predictor is closed by {@link #closeNow} before the request is started, or if the thread is
     *     interrupted while it waits, which stays interrupted
     */
    public O call(I input) {
        try {
            return await(send(input, null));
        } catch (TimeoutException e) {
            throw new AssertionError("a request without a deadline does not expire", e);
        }
    }

    /**
     * Sends a request with a deadline and waits for the result, as {@link #call(Object)}.
     *
     * @param timeout within which the request must be started
     * @throws TimeoutException if it is not started by then
     */
    public O call(I input, Duration timeout) throws TimeoutException {
        return await(send(input, positive(timeout)));
    }

    private static Duration positive(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("the timeout is " + timeout + ", but must be positive");
        }
        return timeout;
    }

    private CompletableFuture<O> send(I input, @Nullable Duration timeout) {
        Objects.requireNonNull(input, "input");
        Request<I, O> request = new Request<>(input, grouped, maxLatencyNanos, timeout, figures);
        long nanos = timeout == null ? Long.MAX_VALUE : Request.nanos(timeout);
        RequestQueue.Admission admission;
        try {
            admission = queue.add(request, waitWhenFull ? nanos : 0);
        } catch (InterruptedException e) {
            request.free();
            Thread.currentThread().interrupt();
            throw new CancellationException("the thread was interrupted while it waited for space in the queue");
        }
        if (admission != RequestQueue.Admission.ACCEPTED) {
            request.free();
            figures.rejected.increment();
            throw new RejectedExecutionException(
                    admission == RequestQueue.Admission.CLOSED
                            ? "the predictor was closed"
                            : "the queue is full with " + capacity
                                    + " requests that wait: send requests more slowly, let callers"
                                    + " wait with waitWhenFull(true), or set a greater queueCapacity");
        }
        if (timeout != null) {
            try {
                long left = nanos - (System.nanoTime() - request.arrival);
                request.setAlarm(alarms.schedule(() -> request.expire(timeout), left, TimeUnit.NANOSECONDS));
            } catch (RejectedExecutionException e) { // closed meanwhile: what waits is started or cancelled at once
                return request.future;
            }
        }
        return request.future;
    }

    private O await(CompletableFuture<O> future) throws TimeoutException {
        try {
            return TensorTree.map(future.get(), Predictor::scoped);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TimeoutException late) {
                throw late;
            }
            if (e.getCause() instanceof PredictorException failure) {
                throw failure;
            }
            throw new AssertionError("only these complete a request", e);
        } catch (InterruptedException e) {
            future.cancel(false);
            Thread.currentThread().interrupt();
            throw new CancellationException("the thread was interrupted while it waited for the result");
        }
    }

    /** Returns a tensor of the current thread and scope, in place of one of a worker. */
    private static Tensor scoped(Tensor result) {
        WorkerThreads.adopt(result);
        Tensor own = result.detach();
        result.close();
        return own;
    }

    // --- the end, and figures ----------------------------------------------------------------------------------

    /** Returns what this predictor has done so far. */
    public PredictorFigures figures() {
        return figures.snapshot(queue.size());
    }

    /**
     * Accepts no further requests, and waits until those that were accepted are answered. If the thread is interrupted meanwhile,
     * those that wait are cancelled.
     */
    @Override
    public void close() {
        queue.close(false);
        join();
    }

    /** Accepts no further requests, cancels those that wait, and waits for the batches that are computed now. */
    public void closeNow() {
        queue.close(true);
        join();
    }

    private void join() {
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread != Thread.currentThread() && thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                    queue.close(true);
                }
            }
        }
        alarms.shutdownNow();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
