package org.jtorch.text.tokenizers;

/** Thrown if a tokenizer cannot be read, or cannot do what is asked of it. */
public class TokenizerException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Creates an exception with a message that names the file or the value, and the remedy. */
    public TokenizerException(String message) {
        super(message);
    }

    /** Creates an exception with a cause. */
    public TokenizerException(String message, Throwable cause) {
        super(message, cause);
    }
}
