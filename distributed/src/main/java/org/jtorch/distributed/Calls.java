package org.jtorch.distributed;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.collectives.Pending;

/** Starts the operations of a group one after the other, in the order in which the program calls them, after a comparison. */
final class Calls implements AutoCloseable {

    private final ExecutorService thread;
    private CompletableFuture<@Nullable Pending> last = CompletableFuture.completedFuture(null);

    Calls() {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(0, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), run -> {
                    Thread made = new Thread(run, "jtorch-collectives");
                    made.setDaemon(true);
                    return made;
                });
        thread = executor;
    }

    /** Starts an operation on a thread of its own. */
    synchronized CompletableFuture<@Nullable Pending> startLater(Supplier<@Nullable Pending> start) {
        last = CompletableFuture.supplyAsync(start, thread);
        return last;
    }

    /** Starts an operation on this thread, unless earlier ones have not been started yet. Other threads wait meanwhile. */
    synchronized CompletableFuture<@Nullable Pending> startNow(Supplier<@Nullable Pending> start) {
        return last.isDone() ? CompletableFuture.completedFuture(start.get()) : startLater(start);
    }

    /** Starts an operation after the last one that was started on the other thread. If that failed, this one fails too. */
    synchronized CompletableFuture<@Nullable Pending> startAfterLast(Supplier<@Nullable Pending> start) {
        if (last.isDone() && !last.isCompletedExceptionally()) {
            return CompletableFuture.completedFuture(start.get());
        }
        // put into the queue now: what is called later must not be started earlier
        CompletableFuture<@Nullable Pending> before = last;
        return startLater(() -> {
            before.join();
            return start.get();
        });
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
