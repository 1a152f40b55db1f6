package org.jtorch.autograd;

import org.bytedeco.pytorch.InferenceMode;
import org.jspecify.annotations.Nullable;

/**
 * A mode of autograd on this thread, from its making until {@link #close}, which restores what was before. Made by
 * {@link Autograd#noGrad()}, {@link Autograd#enableGrad()} and {@link Autograd#inferenceMode()}.
 */
public final class GradMode implements AutoCloseable {

    private final Thread thread = Thread.currentThread();
    private final boolean before;
    private @Nullable InferenceMode inference;
    private boolean closed;

    private GradMode(boolean before, @Nullable InferenceMode inference) {
        this.before = before;
        this.inference = inference;
    }

    static GradMode grad(boolean enabled) {
        boolean before = org.bytedeco.pytorch.GradMode.is_enabled();
        if (before != enabled) {
            org.bytedeco.pytorch.GradMode.set_enabled(enabled);
        }
        return new GradMode(before, null);
    }

    static GradMode inference(boolean enabled) {
        boolean before = org.bytedeco.pytorch.GradMode.is_enabled();
        return new GradMode(before, new InferenceMode(enabled));
    }

    /**
     * Restores the mode that was before. Closing twice does nothing.
     *
     * @throws IllegalStateException on another thread than the one that made it
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (Thread.currentThread() != thread) {
            throw new IllegalStateException("a grad mode is closed on the thread that made it, " + thread.getName());
        }
        closed = true;
        InferenceMode current = inference;
        if (current != null) {
            current.close();
            inference = null;
        }
        if (org.bytedeco.pytorch.GradMode.is_enabled() != before) {
            org.bytedeco.pytorch.GradMode.set_enabled(before);
        }
    }
}
