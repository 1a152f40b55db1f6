package org.jtorch;

import org.jspecify.annotations.Nullable;

/**
 * Takes a hook off again. Removing twice does nothing; a handle that is dropped leaves its hook in place.
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
     * A handle for a hook.
     *
     * @param removal takes the hook off; run once at most
     */
    public RemovableHandle(Runnable removal) {
        this.removal = removal;
    }

    /** Takes the hook off. Allowed at any time, within the hook too: it is not called again then. */
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

    /** {@link #remove()}. */
    @Override
    public void close() {
        remove();
    }
}
