package org.jtorch.text.chat;

/** Thrown if a template of conversations cannot be run, or refuses the conversation. */
public class ChatTemplateException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Creates an exception with a message. */
    public ChatTemplateException(String message) {
        super(message);
    }

    /** Creates an exception with a cause. */
    public ChatTemplateException(String message, Throwable cause) {
        super(message, cause);
    }
}
