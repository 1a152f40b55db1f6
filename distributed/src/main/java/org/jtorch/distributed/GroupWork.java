package org.jtorch.distributed;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jtorch.TorchException;
import org.jtorch.internal.collectives.Pending;

/** A started operation of a group, with what remains to be done when the engine has ended it. */
final class GroupWork implements Work {

    private final CompletableFuture<@Nullable Pending> started;
    private final Runnable rest;
    private final Function<TorchException, RuntimeException> failure;
    private boolean ended;
    private @Nullable RuntimeException failed;

    /**
     * Creates it.
     *
     * @param started gives what the engine does, after it was started; null if there is nothing to do
     * @param rest is run once, by the first {@link #await}
     * @param failure returns what to throw for an error of the engine
     */
    GroupWork(
            CompletableFuture<@Nullable Pending> started,
            Runnable rest,
            Function<TorchException, RuntimeException> failure) {
        this.started = started;
        this.rest = rest;
        this.failure = failure;
    }

    @Override
    public boolean isCompleted() {
        if (!started.isDone() || started.isCompletedExceptionally()) {
            return started.isDone();
        }
        Pending pending = started.join();
        return pending == null || pending.isCompleted();
    }

    @Override
    public synchronized void await() {
        if (failed != null) {
            throw failed;
        }
        if (ended) {
            return;
        }
        try {
            Pending pending = started.join();
            if (pending != null) {
                pending.await();
            }
            ended = true;
        } catch (CompletionException e) {
            failed = e.getCause() instanceof RuntimeException cause ? translated(cause) : e;
            throw failed;
        } catch (RuntimeException e) {
            failed = translated(e);
            throw failed;
        }
        rest.run(); // its errors are those of this process
    }

    private RuntimeException translated(RuntimeException e) {
        return e instanceof TorchException engines && !(e instanceof DistributedException) ? failure.apply(engines) : e;
    }
}
