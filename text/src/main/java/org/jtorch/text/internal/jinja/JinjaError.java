package org.jtorch.text.internal.jinja;

/** Something in a template that cannot be run, with the line if it is known. */
public final class JinjaError extends RuntimeException {

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

    /** Returns the line from 1, or 0 if it is not known. */
    public int line() {
        return line;
    }
}
