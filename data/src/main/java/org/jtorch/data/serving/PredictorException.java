package org.jtorch.data.serving;

import org.jtorch.TorchException;

/** The failure of a request to a {@link Predictor}. {@link #getCause} is what the function or the collation threw. */
public final class PredictorException extends TorchException {

    private static final long serialVersionUID = 1L;

    PredictorException(String message, Throwable cause) {
        super(message, cause);
    }
}
