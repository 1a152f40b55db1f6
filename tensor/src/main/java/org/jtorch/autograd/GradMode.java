package org.jtorch.autograd;

import org.jtorch.internal.engine.Modes;

/**
 * A mode of autograd on the current thread, from its creation until {@link #close}, which restores the mode before. Created
 * by {@link Autograd#noGrad()}, {@link Autograd#enableGrad()} and {@link Autograd#inferenceMode()}.
 *
 * <p>The mode belongs only to the Java thread that created it, which may be a virtual thread. Modes should be closed in the
 * reverse order of their creation. If a mode is closed before one that was created after it, the later one stays in force
 * until it is closed, too. A mode that is never closed ends with its thread.
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
     * Restores the mode before this one. Closing twice has no effect.
     *
     * @throws IllegalStateException if the current thread is not the one that created the mode
     */
    @Override
    public void close() {
        mode.close();
    }
}
