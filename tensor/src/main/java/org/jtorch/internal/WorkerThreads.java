package org.jtorch.internal;

import org.jtorch.Tensor;
import org.jtorch.internal.engine.Doors;

/** What threads need that make tensors for another thread. */
public final class WorkerThreads {

    private static final Doors.Tensors<Tensor> DOOR = Doors.tensors(Tensor.class);

    private WorkerThreads() {}

    /**
     * Moves a tensor out of all scopes, and gives it away: the thread that calls {@link #adopt} may free it at once, as if it had
     * made the tensor. Without this, a tensor that two threads have used is left to the collector.
     *
     * @param tensor a tensor that reaches the other thread in a way that orders memory, such as a lock or a queue
     */
    public static void handOver(Tensor tensor) {
        tensor.unscoped();
        DOOR.handOver(tensor);
    }

    /** Makes the current thread the one that frees {@code tensor}. A tensor that was not handed over stays as it is. */
    public static void adopt(Tensor tensor) {
        DOOR.adopt(tensor);
    }
}
