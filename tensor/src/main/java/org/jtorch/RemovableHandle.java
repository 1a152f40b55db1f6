package org.jtorch;

import org.jspecify.annotations.Nullable;

/**
 * A handle that removes a hook. Removing twice has no effect. A handle that becomes unreachable does not remove its hook.
 *
 * <pre>{@code
 * try (var handle = hidden.registerHook(grad -> grad.clamp(-1, 1))) {
 *     loss.backward();
 * }
 * }</pre>
 */
public final class RemovableHandle implements AutoCloseable {

    private @Nullable Runnable removal;

    /**
     * Creates a handle for a hook.
     *
     * @param removal removes the hook; run at most once
     */
    public RemovableHandle(Runnable removal) {
        this.removal = removal;
    }

    /** Removes the hook. It may be called at any time, even by the hook itself. The hook is not called after that. */
    public void remove() {
        Runnable current;
        synchronized (this) {
            current = removal;
            removal = null;
        }
        if (current != null) {
            current.run();
        }
    }

    /** Removes the hook, as {@link #remove()}. */
    @Override
    public void close() {
        remove();
    }
}
