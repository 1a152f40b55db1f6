package org.jtorch.internal.collectives;

import org.bytedeco.pytorch.Work;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.engine.EngineErrors;

/** An operation of a {@link GlooGroup} that runs on another thread. The engine keeps its tensors until it was awaited. */
public final class Pending {

    /** Null after it was awaited, so that the engine can free the tensors. */
    private @Nullable Work work;

    private int waiting;

    Pending(Work work) {
        this.work = work;
    }

    /** Returns whether the operation has ended, with or without success. Transfers have ended only after {@link #await}. */
    public synchronized boolean isCompleted() {
        return work == null || work.isCompleted();
    }

    /**
     * Waits until the operation has ended. After the first call, this method returns immediately.
     *
     * @throws org.jtorch.TorchException if it failed, also because another process did not take part within the group's timeout
     */
    public void await() {
        Work started;
        synchronized (this) {
            if (work == null) {
                return;
            }
            started = work;
            waiting++;
        }
        try {
            started._wait();
        } catch (RuntimeException e) {
            throw EngineErrors.translate("Work.wait", e);
        } finally {
            free();
        }
    }

    /** Frees the engine's object after the last thread has awaited it. */
    private synchronized void free() {
        waiting--;
        if (waiting == 0 && work != null) {
            work.close();
            work = null;
        }
    }
}
