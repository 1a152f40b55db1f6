package org.jtorch.internal.engine;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorTensorHook;
import org.jspecify.annotations.Nullable;

/** A Java callback that the engine calls with a gradient. Whoever registers one keeps it alive as long as the graph. */
public abstract class GradCallback extends TensorTensorHook {

    private static final TensorBase KEEP;

    static {
        Engine.load();
        KEEP = new TensorBase();
    }

    /** What the last callback on this thread returned: native code copies it after the return, so it is closed later. */
    private static final ThreadLocal<@Nullable Tensor> RETURNED = new ThreadLocal<>();

    /** A callback that is not registered yet. */
    protected GradCallback() {}

    /**
     * Sees a gradient.
     *
     * @param grad the caller's to close; undefined where nothing flows
     * @return what takes its place, left to the caller to close; or null to keep it
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

    /** Closes what the last callback returned. */
    static void closeReturned() {
        Tensor returned = RETURNED.get();
        if (returned != null) {
            RETURNED.remove();
            returned.close();
        }
    }
}
