package org.jtorch.models.pretrained;

/** Thrown if a model's configuration is damaged, or asks for something that the model does not compute. */
public class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Creates an exception with a message that names the key, its value and the remedy. */
    public ConfigException(String message) {
        super(message);
    }

    /** Creates an exception with a cause. */
    public ConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
