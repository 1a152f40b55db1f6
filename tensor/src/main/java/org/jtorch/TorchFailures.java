package org.jtorch;

import org.jspecify.annotations.Nullable;
import org.jtorch.internal.engine.Failures;

/** Creates the exceptions for the engine's failures. */
final class TorchFailures implements Failures {

    @Override
    public RuntimeException of(String message, @Nullable Throwable cause) {
        return cause == null ? new TorchException(message) : new TorchException(message, cause);
    }

    @Override
    public RuntimeException ofCallback(Throwable failure) {
        return new CallbackException(failure);
    }

    @Override
    public boolean isOfCallback(Throwable failure) {
        return failure instanceof CallbackException;
    }

    @Override
    public boolean isOurs(Throwable failure) {
        return failure instanceof TorchException;
    }

    /** A user's callback failed. The cause is what it threw. */
    private static final class CallbackException extends TorchException {

        private static final long serialVersionUID = 1L;

        CallbackException(Throwable failure) {
            super("a hook or custom function failed in the backward pass: " + failure, failure);
        }
    }
}
