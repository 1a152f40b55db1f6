package org.jtorch.distributed;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jtorch.TorchException;
import org.jtorch.internal.collectives.Pending;

/** A started operation of a group, with what remains to be done when the engine has ended it. */
final class GroupWork implements Work {

    private final @Nullable Pending pending;
    private final Runnable rest;
    private final Function<TorchException, RuntimeException> failure;
    private boolean ended;

    /**
     * Creates it.
     *
     * @param pending what the engine does; null if there is nothing to do
     * @param rest is run once, by the first {@link #await}
     * @param failure returns what to throw for an error of the engine
     */
    GroupWork(@Nullable Pending pending, Runnable rest, Function<TorchException, RuntimeException> failure) {
        this.pending = pending;
        this.rest = rest;
        this.failure = failure;
    }

    @Override
    public boolean isCompleted() {
        return pending == null || pending.isCompleted();
    }

    @Override
    public synchronized void await() {
        if (ended) {
            return;
        }
        try {
            if (pending != null) {
                pending.await();
            }
        } catch (TorchException e) {
            throw failure.apply(e);
        }
        ended = true;
        rest.run();
    }
}
