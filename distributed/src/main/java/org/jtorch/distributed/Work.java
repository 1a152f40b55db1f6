package org.jtorch.distributed;

/**
 * An operation between processes that was started and may not have ended (PyTorch's {@code torch.distributed.Work}). Until it has ended, its
 * tensors must neither be read nor changed. Their values are those of the result only after {@link #await}.
 */
public interface Work {

    /** Returns whether the operation has ended, with or without success. A transfer between two processes ends in {@link #await}. */
    boolean isCompleted();

    /**
     * Waits until the operation has ended.
     *
     * @throws DistributedException if it failed
     */
    void await();
}
