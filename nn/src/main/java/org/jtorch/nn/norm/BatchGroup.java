package org.jtorch.nn.norm;

import java.util.List;
import org.jtorch.Tensor;

/**
 * Processes whose batches a {@link SyncBatchNorm} normalizes together. {@code ProcessGroup} of jtorch-distributed is one. All
 * processes call the same methods in the same order.
 */
public abstract class BatchGroup {

    /** Returns the number of processes, at least 1. */
    public abstract int size();

    /**
     * Returns the values of all processes, in an order that is the same in each of them.
     *
     * @param tensor the values of this process, on the CPU; of the same shape and dtype in all processes
     */
    public abstract List<Tensor> allGather(Tensor tensor);

    /**
     * Replaces the values by their sum over all processes.
     *
     * @param tensor the values of this process, on the CPU; of the same shape and dtype in all processes
     */
    public abstract void allReduce(Tensor tensor);
}
