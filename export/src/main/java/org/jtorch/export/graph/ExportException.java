package org.jtorch.export.graph;

import org.jspecify.annotations.Nullable;
import org.jtorch.TorchException;

/**
 * Thrown if an exported program cannot be read, run or written. The message names the file or the node, the problem, and the
 * remedy.
 */
public class ExportException extends TorchException {

    private static final long serialVersionUID = 1L;

    private static final int MAX_MESSAGE = 2000;

    /** Creates an exception without a cause. */
    public ExportException(String message) {
        super(shortened(message));
    }

    /** Creates an exception with a cause. */
    public ExportException(String message, @Nullable Throwable cause) {
        super(shortened(message), cause);
    }

    /** Shortens a message, since names in a file may have any length. */
    private static String shortened(String message) {
        return message.length() <= MAX_MESSAGE
                ? message
                : message.substring(0, MAX_MESSAGE / 2) + " ... "
                        + message.substring(message.length() - MAX_MESSAGE / 2);
    }
}
