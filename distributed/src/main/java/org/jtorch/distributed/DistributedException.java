package org.jtorch.distributed;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.TorchException;

/** An operation between processes failed: a process ended, stopped, was not reached, or did not take part in time. */
public class DistributedException extends TorchException {

    private static final long serialVersionUID = 1L;

    /** The ranks, as an array, since a list might not be serializable. */
    private final int[] ranks;

    /**
     * Creates an exception.
     *
     * @param message what failed, and what to do
     * @param ranks the processes that gave no sign of life; empty if none is known
     * @param cause the error of the engine, or null
     */
    public DistributedException(String message, List<Integer> ranks, @Nullable Throwable cause) {
        super(message, cause);
        this.ranks = ranks.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Returns the ranks of the processes that gave no sign of life; empty if none is known. */
    public List<Integer> ranks() {
        return java.util.Arrays.stream(ranks).boxed().toList();
    }
}
