package org.jtorch.models.hub;

/** Thrown if a model cannot be downloaded: it does not exist, it needs a token, or the connection fails again and again. */
public class HubException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Creates an exception with a message that names the model and the remedy. */
    public HubException(String message) {
        super(message);
    }

    /** Creates an exception with a cause. */
    public HubException(String message, Throwable cause) {
        super(message, cause);
    }
}
