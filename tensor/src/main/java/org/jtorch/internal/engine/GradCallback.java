package org.jtorch.internal.engine;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorTensorHook;
import org.jspecify.annotations.Nullable;

/** A Java callback that the engine calls with a gradient. It must be kept reachable as long as the graph exists. */
public abstract class GradCallback extends TensorTensorHook {

    private static final TensorBase KEEP;

    static {
        Engine.load();
        KEEP = new TensorBase();
    }

    /** The result of the last callback on this thread. Native code copies it after the return, so it is closed later. */
    private static final ThreadLocal<@Nullable Tensor> RETURNED = new ThreadLocal<>();

    /** Creates a callback that is not registered yet. */
    protected GradCallback() {}

    /**
     * Receives a gradient.
     *
     * @param grad the gradient, which the caller closes; undefined if there is none
     * @return a replacement, which the caller closes, or null to keep the gradient
     */
    protected abstract @Nullable Tensor onGrad(Tensor grad);

    @Override
    public final TensorBase call(TensorBase grad) {
        Modes.Mode outer = Modes.enterCallback();
        try {
            closeReturned();
            Tensor copy;
            try (grad) {
                copy = new Tensor(grad);
            }
            Tensor replacement = onGrad(copy);
            if (replacement == null) {
                return KEEP;
            }
            RETURNED.set(replacement);
            return replacement;
        } catch (Throwable failure) {
            throw CallbackFailures.relay(failure);
        } finally {
            Modes.exitCallback(outer);
        }
    }

    /** Closes the result of the last callback. */
    static void closeReturned() {
        Tensor returned = RETURNED.get();
        if (returned != null) {
            RETURNED.remove();
            returned.close();
        }
    }
}
