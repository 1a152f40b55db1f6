package org.jtorch.distributed.launch;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.TorchException;

/** A process that {@link Launcher} started has failed, or could not be started. */
public class LaunchException extends TorchException {

    private static final long serialVersionUID = 1L;

    private final int rank;
    private final int status;

    /** An array, since a list might not be serializable. */
    private final String[] lastLines;

    /**
     * Creates an exception.
     *
     * @param message what failed, and what to do
     * @param rank the first process that failed
     * @param status its exit status; -1 if it was not started
     * @param lastLines the last lines that it printed
     * @param cause why it was not started, or null
     */
    public LaunchException(String message, int rank, int status, List<String> lastLines, @Nullable Throwable cause) {
        super(message, cause);
        this.rank = rank;
        this.status = status;
        this.lastLines = lastLines.toArray(String[]::new);
    }

    /** Returns the rank of the process that failed first. */
    public int rank() {
        return rank;
    }

    /** Returns its exit status; 128 + N if the signal N ended it, as shells have it; -1 if it was not started. */
    public int status() {
        return status;
    }

    /** Returns the last lines that it printed: those of the standard output stream, and after them those of the standard error stream. */
    public List<String> lastLines() {
        return List.of(lastLines);
    }
}
