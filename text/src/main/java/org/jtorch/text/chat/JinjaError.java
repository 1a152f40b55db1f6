package org.jtorch.text.chat;

/** Something in a template that cannot be run, with the line if it is known. */
final class JinjaError extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int line;

    JinjaError(String message) {
        this(message, 0);
    }

    private JinjaError(String message, int line) {
        super(message, null, false, false);
        this.line = line;
    }

    /** Returns this error with a line, unless it already has one. */
    JinjaError at(int itsLine) {
        return line > 0 ? this : new JinjaError(String.valueOf(getMessage()), itsLine);
    }

    int line() {
        return line;
    }
}
