package org.jtorch.internal.engine;

import org.jspecify.annotations.Nullable;

/**
 * Creates the exceptions that users catch. This package cannot depend on {@code org.jtorch}, which installs an
 * implementation when it is first used.
 */
public interface Failures {

    /** Returns a {@code TorchException}. */
    RuntimeException of(String message, @Nullable Throwable cause);

    /** Returns a {@code TorchException} for the failure of a user's callback in a backward pass. */
    RuntimeException ofCallback(Throwable failure);

    /** Returns whether {@link #ofCallback} created the exception. */
    boolean isOfCallback(Throwable failure);

    /** Returns whether the exception is a {@code TorchException}. */
    boolean isOurs(Throwable failure);
}
