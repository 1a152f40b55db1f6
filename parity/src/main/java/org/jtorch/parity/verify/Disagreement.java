package org.jtorch.parity.verify;

/** Thrown if a recorded case has another result than PyTorch. The message says which result, and by how much it differs. */
public final class Disagreement extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Disagreement(String message) {
        super(message);
    }

    Disagreement(String message, Throwable cause) {
        super(message, cause);
    }
}
