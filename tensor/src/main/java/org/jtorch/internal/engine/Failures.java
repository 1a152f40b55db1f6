package org.jtorch.internal.engine;

import org.jspecify.annotations.Nullable;

/**
 * What this package tells {@code org.jtorch}, which lies above it, and asks of it: it makes the exceptions that users catch.
 * Installed once, when that package is first used.
 */
public interface Failures {

    /** A {@code TorchException}. */
    RuntimeException of(String message, @Nullable Throwable cause);

    /** The {@code TorchException} that says that a user's callback failed in a backward. */
    RuntimeException ofCallback(Throwable failure);

    /** Whether {@link #ofCallback} made it. */
    boolean isOfCallback(Throwable failure);

    /** Whether it is a {@code TorchException}. */
    boolean isOurs(Throwable failure);
}
