package org.jtorch.parity.verify;

/** A recorded case that did not come out as PyTorch had it; the message says what, and by how much. */
public final class Disagreement extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Disagreement(String message) {
        super(message);
    }

    Disagreement(String message, Throwable cause) {
        super(message, cause);
    }
}
