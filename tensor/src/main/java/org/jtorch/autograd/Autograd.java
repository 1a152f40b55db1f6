package org.jtorch.autograd;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bytedeco.pytorch.TensorVector;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.internal.Handles;
import org.jtorch.internal.engine.Anomalies;
import org.jtorch.internal.engine.Backward;
import org.jtorch.internal.engine.Modes;

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
        Handles.load();
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

    /** {@link #inferenceMode()}, or where {@code mode} is false out of it until the result is closed. */
    public static GradMode inferenceMode(boolean mode) {
        return GradMode.inference(mode);
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
        return Modes.isGradEnabled();
    }

    /** Whether this thread is in inference mode. */
    public static boolean isInferenceModeEnabled() {
        return Modes.isInferenceEnabled();
    }

    /**
     * Looks for what goes wrong in backwards until the result is closed, as {@link #detectAnomaly(boolean)} with true does.
     */
    public static AnomalyDetection detectAnomaly() {
        return detectAnomaly(true);
    }

    /**
     * Looks for what goes wrong in backwards until the result is closed (PyTorch's {@code torch.autograd.detect_anomaly}). A
     * backward then fails as soon as a function returns NaN as a gradient. Whatever fails in a backward has, as the cause of its
     * exception, the stack trace of the operation of the forward that the failing function belongs to, if that was called while
     * anomalies were looked for too.
     *
     * <pre>{@code
     * try (var detection = Autograd.detectAnomaly()) {
     *     criterion.call(model.call(x), y).backward();
     * }
     * }</pre>
     *
     * <p>The engine has this mode once for the process: it is on in all threads until the last that asked for it has closed it,
     * and it looks for NaN if any of them asked for that. It makes forwards and backwards much slower. When a backward fails, the
     * engine also writes a line to the standard error.
     *
     * @param checkNan whether a NaN is a failure
     */
    public static AnomalyDetection detectAnomaly(boolean checkNan) {
        return new AnomalyDetection(checkNan);
    }

    /** Returns whether anomalies are looked for, by any thread. */
    public static boolean isAnomalyEnabled() {
        return Anomalies.isActive();
    }

    /** Returns whether anomalies are looked for and a NaN is one of them. */
    public static boolean isAnomalyCheckNanEnabled() {
        return Anomalies.isChecking();
    }

    /**
     * Computes the gradients of {@code tensors} and adds them to the leaves' {@link Tensor#grad}
     * ({@code torch.autograd.backward}).
     *
     * @param tensors what is differentiated, in sum
     * @param gradTensors the gradients with respect to each, shaped as it; null for one that is a scalar
     * @param retainGraph whether the graph is kept for another backward
     * @param createGraph whether the gradients are themselves recorded, for higher derivatives
     * @param inputs the tensors to accumulate into; none for all leaves
     * @throws TorchException if a tensor requires no grad, or a gradient is missing or of another shape; or where a hook
     *     or custom function failed, with what it threw as the cause
     */
    public static void backward(
            List<? extends Tensor> tensors,
            List<? extends @Nullable Tensor> gradTensors,
            boolean retainGraph,
            boolean createGraph,
            List<? extends Tensor> inputs) {
        Handles.checkGradients(tensors, gradTensors);
        try (TensorVector of = Handles.vector(tensors);
                TensorVector with = orUndefined(gradTensors);
                TensorVector into = Handles.vector(inputs)) {
            Backward.accumulate(of, with, retainGraph, createGraph, into);
        }
    }

    /** {@link #backward(List, List, boolean, boolean, List)} of scalars, into all leaves; the graph is freed. */
    public static void backward(List<? extends Tensor> tensors) {
        backward(tensors, Collections.nCopies(tensors.size(), null), false, false, List.of());
    }

    /**
     * The gradients of the sum of {@code outputs}, all scalars, with respect to {@code inputs}
     * ({@code torch.autograd.grad}). Nothing is accumulated; the graph is freed.
     *
     * @throws TorchException if an input is not used in the graph
     */
    public static List<Tensor> grad(List<? extends Tensor> outputs, List<? extends Tensor> inputs) {
        return allUsed(grad(outputs, inputs, Collections.nCopies(outputs.size(), null), false, false, false));
    }

    /**
     * {@link #grad(List, List)} with its gradients recorded for higher derivatives where {@code createGraph}, and the graph
     * kept then.
     */
    public static List<Tensor> grad(
            List<? extends Tensor> outputs, List<? extends Tensor> inputs, boolean createGraph) {
        return allUsed(
                grad(outputs, inputs, Collections.nCopies(outputs.size(), null), createGraph, createGraph, false));
    }

    /** The gradient of the scalar {@code output} with respect to {@code input}; the graph is freed. */
    public static Tensor grad(Tensor output, Tensor input) {
        return grad(output, input, false);
    }

    /**
     * The gradient of the scalar {@code output} with respect to {@code input}.
     *
     * @param createGraph whether it is itself recorded, for higher derivatives, and the graph kept
     */
    public static Tensor grad(Tensor output, Tensor input, boolean createGraph) {
        return grad(List.of(output), List.of(input), createGraph).get(0);
    }

    /**
     * The gradients of {@code outputs} with respect to {@code inputs} ({@code torch.autograd.grad}). Nothing is accumulated.
     *
     * @param outputs what is differentiated, in sum
     * @param inputs with respect to what; leaves or not
     * @param gradOutputs the gradients with respect to each output, shaped as it; null for one that is a scalar
     * @param retainGraph whether the graph is kept for another backward
     * @param createGraph whether the gradients are themselves recorded, for higher derivatives
     * @param allowUnused whether an input may be unused in the graph
     * @return one for each input; null if it is unused
     * @throws TorchException if an output requires no grad, a gradient is missing or of another shape, or an input is
     *     unused and may not be; or where a hook or custom function failed, with what it threw as the cause
     */
    public static List<@Nullable Tensor> grad(
            List<? extends Tensor> outputs,
            List<? extends Tensor> inputs,
            List<? extends @Nullable Tensor> gradOutputs,
            boolean retainGraph,
            boolean createGraph,
            boolean allowUnused) {
        if (inputs.isEmpty()) {
            throw new TorchException("`inputs` argument to `grad()` cannot be empty.");
        }
        for (Tensor input : inputs) {
            if (!input.requiresGrad()) {
                throw new TorchException("One of the differentiated Tensors does not require grad");
            }
        }
        Handles.checkGradients(outputs, gradOutputs);
        try (TensorVector of = Handles.vector(outputs);
                TensorVector to = Handles.vector(inputs);
                TensorVector with = orUndefined(gradOutputs)) {
            return Handles.own(Backward.grad(of, to, with, retainGraph, createGraph, allowUnused));
        }
    }

    /**
     * Checks the gradients of {@code fn} against differences of its values, as PyTorch's {@code torch.autograd.gradcheck}:
     * moved by 1e-6 to each side, equal within 1e-5 or a thousandth.
     *
     * @param fn computes outputs from inputs
     * @param inputs where it is checked; float64 or complex128 where they require grad
     * @return true
     * @throws TorchException if a gradient differs; the message names output, input and element
     * @throws IllegalArgumentException if no input requires grad
     */
    public static boolean gradcheck(GradCheck.Fn fn, Tensor... inputs) {
        return gradcheck(fn, List.of(inputs), options -> {});
    }

    /** {@link #gradcheck(GradCheck.Fn, Tensor...)} with other tolerances. */
    public static boolean gradcheck(GradCheck.Fn fn, List<Tensor> inputs, Consumer<GradCheck.Options> options) {
        return GradCheck.gradcheck(fn, inputs, options);
    }

    /**
     * Checks the gradients of the gradients of {@code fn}, with respect to its inputs and random gradients of its outputs
     * ({@code torch.autograd.gradgradcheck}).
     *
     * @return true
     * @throws TorchException if a gradient differs; inputs and outputs in the message are those of the backward
     * @throws IllegalArgumentException if no input requires grad
     */
    public static boolean gradgradcheck(GradCheck.Fn fn, Tensor... inputs) {
        return gradgradcheck(fn, List.of(inputs), options -> {});
    }

    /** {@link #gradgradcheck(GradCheck.Fn, Tensor...)} with other tolerances. */
    public static boolean gradgradcheck(GradCheck.Fn fn, List<Tensor> inputs, Consumer<GradCheck.Options> options) {
        return GradCheck.gradgradcheck(fn, inputs, options);
    }

    private static List<Tensor> allUsed(List<@Nullable Tensor> grads) {
        List<Tensor> list = new ArrayList<>(grads.size());
        for (Tensor grad : grads) {
            list.add(Objects.requireNonNull(grad));
        }
        return list;
    }

    private static TensorVector orUndefined(List<? extends @Nullable Tensor> tensors) {
        TensorVector vector = new TensorVector();
        try (var undefined = new org.bytedeco.pytorch.Tensor()) {
            for (Tensor tensor : tensors) {
                vector.push_back(tensor == null ? undefined : Handles.of(tensor));
            }
        }
        return vector;
    }
}
