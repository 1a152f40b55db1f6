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
 * The modes of autograd, and the computation of gradients.
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

    /** Disables the recording of operations until the result is closed (PyTorch's {@code torch.no_grad()}). */
    public static GradMode noGrad() {
        return GradMode.grad(false);
    }

    /**
     * Enables the recording of operations until the result is closed, even inside of {@link #noGrad()} ({@code
     * torch.enable_grad()}).
     */
    public static GradMode enableGrad() {
        return GradMode.grad(true);
    }

    /** Enables or disables the recording of operations until the result is closed ({@code torch.set_grad_enabled(mode)}). */
    public static GradMode setGradEnabled(boolean enabled) {
        return GradMode.grad(enabled);
    }

    /**
     * Disables the recording of operations as {@link #noGrad()}. In addition, operations on the results can never be
     * recorded later, which saves time and memory ({@code torch.inference_mode()}).
     */
    public static GradMode inferenceMode() {
        return GradMode.inference(true);
    }

    /** Enters inference mode or, if {@code mode} is false, leaves it, until the result is closed. */
    public static GradMode inferenceMode(boolean mode) {
        return GradMode.inference(mode);
    }

    /** Runs {@code body} without recording operations. */
    public static void noGrad(Runnable body) {
        try (GradMode mode = noGrad()) {
            body.run();
        }
    }

    /** Runs {@code body} without recording operations, and returns its result. */
    public static <T extends @Nullable Object> T noGrad(Supplier<T> body) {
        try (GradMode mode = noGrad()) {
            return body.get();
        }
    }

    /** Runs {@code body} with recording enabled. */
    public static void enableGrad(Runnable body) {
        try (GradMode mode = enableGrad()) {
            body.run();
        }
    }

    /** Runs {@code body} with recording enabled, and returns its result. */
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

    /** Runs {@code body} in inference mode, and returns its result. */
    public static <T extends @Nullable Object> T inferenceMode(Supplier<T> body) {
        try (GradMode mode = inferenceMode()) {
            return body.get();
        }
    }

    /** Returns whether the current thread records operations. */
    public static boolean isGradEnabled() {
        return Modes.isGradEnabled();
    }

    /** Returns whether the current thread is in inference mode. */
    public static boolean isInferenceModeEnabled() {
        return Modes.isInferenceEnabled();
    }

    /** Detects anomalies in backward passes until the result is closed, as {@link #detectAnomaly(boolean)} with true. */
    public static AnomalyDetection detectAnomaly() {
        return detectAnomaly(true);
    }

    /**
     * Detects anomalies in backward passes until the result is closed (PyTorch's {@code torch.autograd.detect_anomaly}). A
     * backward pass then fails as soon as a function returns NaN as a gradient. If a backward pass fails, the cause of its
     * exception has the stack trace of the forward operation that belongs to the failing function, provided that anomalies
     * were also detected when that operation was called.
     *
     * <pre>{@code
     * try (var detection = Autograd.detectAnomaly()) {
     *     criterion.call(model.call(x), y).backward();
     * }
     * }</pre>
     *
     * <p>The engine has one such mode for the whole process. It is on in all threads until every caller has closed its
     * detection, and checks for NaN if any of them asked for it. It makes forward and backward passes much slower. When a
     * backward pass fails, the engine also writes a line to the standard error.
     *
     * @param checkNan whether a NaN is a failure
     */
    public static AnomalyDetection detectAnomaly(boolean checkNan) {
        return new AnomalyDetection(checkNan);
    }

    /** Returns whether anomalies are detected, by any thread. */
    public static boolean isAnomalyEnabled() {
        return Anomalies.isActive();
    }

    /** Returns whether anomalies are detected and include NaN. */
    public static boolean isAnomalyCheckNanEnabled() {
        return Anomalies.isChecking();
    }

    /**
     * Computes the gradients of {@code tensors} and adds them to {@link Tensor#grad} of the leaves ({@code
     * torch.autograd.backward}).
     *
     * @param tensors the tensors whose sum is differentiated
     * @param gradTensors the gradient with respect to each tensor, in its shape; null for a scalar
     * @param retainGraph whether the graph is kept for another backward pass
     * @param createGraph whether the gradients are recorded themselves, for higher derivatives
     * @param inputs the tensors whose gradients are accumulated; if empty, all leaves
     * @throws TorchException if a tensor does not require grad, if a gradient is missing or has another shape, or if a hook
     *     or a custom function failed; the cause is then what it threw
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

    /** Computes the gradients of scalars and adds them to {@link Tensor#grad} of all leaves. The graph is freed. */
    public static void backward(List<? extends Tensor> tensors) {
        backward(tensors, Collections.nCopies(tensors.size(), null), false, false, List.of());
    }

    /**
     * Returns the gradients of the sum of {@code outputs}, which must be scalars, with respect to {@code inputs} ({@code
     * torch.autograd.grad}). Nothing is accumulated; the graph is freed.
     *
     * @throws TorchException if an input is not used in the graph
     */
    public static List<Tensor> grad(List<? extends Tensor> outputs, List<? extends Tensor> inputs) {
        return allUsed(grad(outputs, inputs, Collections.nCopies(outputs.size(), null), false, false, false));
    }

    /**
     * Returns the gradients as {@link #grad(List, List)}.
     *
     * @param createGraph whether the gradients are recorded for higher derivatives, and the graph is kept
     */
    public static List<Tensor> grad(
            List<? extends Tensor> outputs, List<? extends Tensor> inputs, boolean createGraph) {
        return allUsed(
                grad(outputs, inputs, Collections.nCopies(outputs.size(), null), createGraph, createGraph, false));
    }

    /** Returns the gradient of the scalar {@code output} with respect to {@code input}. The graph is freed. */
    public static Tensor grad(Tensor output, Tensor input) {
        return grad(output, input, false);
    }

    /**
     * Returns the gradient of the scalar {@code output} with respect to {@code input}.
     *
     * @param createGraph whether the gradient is recorded for higher derivatives, and the graph is kept
     */
    public static Tensor grad(Tensor output, Tensor input, boolean createGraph) {
        return grad(List.of(output), List.of(input), createGraph).get(0);
    }

    /**
     * Returns the gradients of {@code outputs} with respect to {@code inputs} ({@code torch.autograd.grad}). Nothing is
     * accumulated.
     *
     * @param outputs the tensors whose sum is differentiated
     * @param inputs the tensors with respect to which it is differentiated; they need not be leaves
     * @param gradOutputs the gradient with respect to each output, in its shape; null for a scalar
     * @param retainGraph whether the graph is kept for another backward pass
     * @param createGraph whether the gradients are recorded themselves, for higher derivatives
     * @param allowUnused whether an input may be unused in the graph
     * @return a gradient for each input; null if it is unused
     * @throws TorchException if an output does not require grad, if a gradient is missing or has another shape, if an input
     *     is unused and {@code allowUnused} is false, or if a hook or a custom function failed; the cause is then what it
     *     threw
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
     * Compares the gradients of {@code fn} with differences of its values, as PyTorch's {@code torch.autograd.gradcheck}.
     * Inputs are moved by 1e-6 in both directions; gradients must be equal within 1e-5 plus a thousandth of their value.
     *
     * @param fn computes outputs from inputs
     * @param inputs the inputs at which the gradients are compared; float64 or complex128 if they require grad
     * @return true
     * @throws TorchException if a gradient differs; the message names the output, the input and the element
     * @throws IllegalArgumentException if no input requires grad
     */
    public static boolean gradcheck(GradCheck.Fn fn, Tensor... inputs) {
        return gradcheck(fn, List.of(inputs), options -> {});
    }

    /** Compares gradients as {@link #gradcheck(GradCheck.Fn, Tensor...)}, with other tolerances. */
    public static boolean gradcheck(GradCheck.Fn fn, List<Tensor> inputs, Consumer<GradCheck.Options> options) {
        return GradCheck.gradcheck(fn, inputs, options);
    }

    /**
     * Compares the gradients of the gradients of {@code fn}, with respect to its inputs and random gradients of its outputs
     * ({@code torch.autograd.gradgradcheck}).
     *
     * @return true
     * @throws TorchException if a gradient differs; the inputs and outputs in the message are those of the backward pass
     * @throws IllegalArgumentException if no input requires grad
     */
    public static boolean gradgradcheck(GradCheck.Fn fn, Tensor... inputs) {
        return gradgradcheck(fn, List.of(inputs), options -> {});
    }

    /** Compares gradients as {@link #gradgradcheck(GradCheck.Fn, Tensor...)}, with other tolerances. */
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
