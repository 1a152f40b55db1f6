package org.jtorch.distributed.checkpoint;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.distributed.ProcessGroup;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.python.Tuple;

/** The processes that save together, or this one alone. */
final class Peers {

    private final @Nullable ProcessGroup group;

    Peers(@Nullable ProcessGroup group) {
        this.group = group;
    }

    int rank() {
        return group == null ? 0 : group.rank();
    }

    /** What a process contributes. */
    interface Step {
        @Nullable
        Object run() throws IOException;
    }

    /**
     * Takes a step in each process. An error of one is an error of all.
     *
     * @return the results, by rank
     * @throws CheckpointException if the step failed in a process, which is named
     */
    List<@Nullable Object> together(Step step) {
        Object result = null;
        Throwable failure = null;
        try {
            result = step.run();
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
        }
        Object outcome = failure == null ? Tuple.of(result) : text(failure);
        List<@Nullable Object> outcomes =
                group == null ? Collections.singletonList(outcome) : group.allGatherObject(outcome);
        if (failure instanceof Error error) {
            throw error;
        }
        List<@Nullable Object> results = new ArrayList<>();
        for (Object each : outcomes) {
            if (!(each instanceof Tuple tuple)) {
                String rank = group == null ? "" : "rank " + results.size() + ": ";
                throw new CheckpointException(rank + each, failure);
            }
            results.add(tuple.get(0));
        }
        return results;
    }

    private static String text(Throwable e) {
        if (e instanceof AccessDeniedException denied) {
            return denied.getFile() + ": cannot be written: this user may not write there";
        }
        if (e instanceof FileSystemException system) {
            return system.getFile() + ": cannot be written"
                    + (system.getReason() == null ? " there: the folder does not exist" : ": " + system.getReason());
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
