package org.jtorch.distributed;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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

    /**
     * Returns the exception of this class among {@code e} and its causes, since one that is thrown in a module or in a backward pass is the
     * cause of what the call throws.
     */
    public static Optional<DistributedException> find(Throwable e) {
        for (Throwable each = e; each != null; each = each.getCause()) {
            if (each instanceof DistributedException found) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    /** Returns the ranks of the processes that gave no sign of life; empty if none is known. */
    public List<Integer> ranks() {
        return Arrays.stream(ranks).boxed().toList();
    }
}
