package org.jtorch.autograd;

import org.jtorch.internal.engine.Modes;

/**
 * A mode of autograd on this thread, from its making until {@link #close}, which restores what was before. Made by
 * {@link Autograd#noGrad()}, {@link Autograd#enableGrad()} and {@link Autograd#inferenceMode()}.
 *
 * <p>The mode belongs to the Java thread, virtual threads included, and to no other. Modes are meant to be closed in the reverse
 * order of their making. If one is closed before another that was made after it, the later one stays in force until it is
 * closed too. A mode that is never closed ends with its thread.
 */
public final class GradMode implements AutoCloseable {

    private final Modes.Mode mode;

    private GradMode(Modes.Mode mode) {
        this.mode = mode;
    }

    static GradMode grad(boolean enabled) {
        return new GradMode(Modes.grad(enabled));
    }

    static GradMode inference(boolean enabled) {
        return new GradMode(Modes.inference(enabled));
    }

    /**
     * Restores the mode that was before. Closing twice does nothing.
     *
     * @throws IllegalStateException if called on another thread than the one that made it
     */
    @Override
    public void close() {
        mode.close();
    }
}
