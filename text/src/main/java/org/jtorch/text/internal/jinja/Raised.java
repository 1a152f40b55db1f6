package org.jtorch.text.internal.jinja;

/** What a template itself refuses, by its function {@code raise_exception}. */
public final class Raised extends RuntimeException {

    private static final long serialVersionUID = 1;

    Raised(String message) {
        super(message, null, false, false);
    }
}
