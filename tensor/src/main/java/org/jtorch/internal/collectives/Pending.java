package org.jtorch.internal.collectives;

import org.bytedeco.pytorch.Work;
import org.jtorch.internal.engine.EngineErrors;

/** An operation of a {@link GlooGroup} that runs on another thread. The engine keeps its tensors until it has ended. */
public final class Pending {

    private final Work work;

    Pending(Work work) {
        this.work = work;
    }

    /** Returns whether the operation has ended, with or without success. */
    public boolean isCompleted() {
        return work.isCompleted();
    }

    /**
     * Waits until the operation has ended.
     *
     * @throws org.jtorch.TorchException if it failed, also because another process did not take part within the group's timeout
     */
    public void await() {
        try {
            work._wait();
        } catch (RuntimeException e) {
            throw EngineErrors.translate("Work.wait", e);
        }
    }
}
