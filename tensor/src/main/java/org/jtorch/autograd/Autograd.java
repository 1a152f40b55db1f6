package org.jtorch.autograd;

import java.util.function.Supplier;
import org.bytedeco.pytorch.InferenceMode;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.Engine;

/**
 * Autograd's modes and gradients.
 *
 * <p>A mode belongs to the thread that sets it, and is used with try-with-resources or a lambda:
 *
 * <pre>{@code
 * try (var mode = Autograd.noGrad()) {
 *     weight.sub_(weight.grad().mul(0.1));
 * }
 * double loss = Autograd.noGrad(() -> criterion.call(model.call(x), y).item());
 * }</pre>
 */
public final class Autograd {

    static {
        Engine.load();
    }

    private Autograd() {}

    /** Nothing is recorded until the result is closed (PyTorch's {@code torch.no_grad()}). */
    public static GradMode noGrad() {
        return GradMode.grad(false);
    }

    /** Recording is on until the result is closed, also inside {@link #noGrad()} ({@code torch.enable_grad()}). */
    public static GradMode enableGrad() {
        return GradMode.grad(true);
    }

    /** Recording is on or off until the result is closed ({@code torch.set_grad_enabled(mode)}). */
    public static GradMode setGradEnabled(boolean enabled) {
        return GradMode.grad(enabled);
    }

    /**
     * As {@link #noGrad()}, and what is computed can never be recorded later, which saves its bookkeeping
     * ({@code torch.inference_mode()}).
     */
    public static GradMode inferenceMode() {
        return GradMode.inference(true);
    }

    /** Runs {@code body} with nothing recorded. */
    public static void noGrad(Runnable body) {
        try (GradMode mode = noGrad()) {
            body.run();
        }
    }

    /** The value of {@code body}, run with nothing recorded. */
    public static <T extends @Nullable Object> T noGrad(Supplier<T> body) {
        try (GradMode mode = noGrad()) {
            return body.get();
        }
    }

    /** Runs {@code body} with recording on. */
    public static void enableGrad(Runnable body) {
        try (GradMode mode = enableGrad()) {
            body.run();
        }
    }

    /** The value of {@code body}, run with recording on. */
    public static <T extends @Nullable Object> T enableGrad(Supplier<T> body) {
        try (GradMode mode = enableGrad()) {
            return body.get();
        }
    }

    /** Runs {@code body} in inference mode. */
    public static void inferenceMode(Runnable body) {
        try (GradMode mode = inferenceMode()) {
            body.run();
        }
    }

    /** The value of {@code body}, run in inference mode. */
    public static <T extends @Nullable Object> T inferenceMode(Supplier<T> body) {
        try (GradMode mode = inferenceMode()) {
            return body.get();
        }
    }

    /** Whether this thread records. */
    public static boolean isGradEnabled() {
        return org.bytedeco.pytorch.GradMode.is_enabled();
    }

    /** Whether this thread is in inference mode. */
    public static boolean isInferenceModeEnabled() {
        return InferenceMode.is_enabled();
    }
}
