package org.jtorch.nn.utils;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.internal.TensorBundle;
import org.jtorch.internal.TensorBundles;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.internal.Foreach;

/**
 * Limits gradients in place, with autograd off. It is used between the backward and the optimizer's step.
 *
 * <pre>{@code
 * loss.backward();
 * ClipGrad.clipGradNorm_(model.parameters(), 1.0);
 * optimizer.step();
 * }</pre>
 *
 * <p>Parameters without a gradient are ignored. If no parameter has a gradient, nothing is done.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html">clip_grad_norm_</a>
 */
public final class ClipGrad {

    private ClipGrad() {}

    /** The optional arguments of norms over many tensors. */
    public static final class Options {
        private double normType = 2.0;
        private boolean errorIfNonfinite;
        private @Nullable Boolean foreach;

        private Options() {}

        /**
         * Sets the exponent p of the norm, or {@link Double#POSITIVE_INFINITY} for the greatest absolute value; the default is
         * 2.
         */
        public Options normType(double newNormType) {
            normType = newNormType;
            return this;
        }

        /** Sets whether a norm that is NaN or infinite is an error; the default is {@code false}. */
        public Options errorIfNonfinite(boolean newErrorIfNonfinite) {
            errorIfNonfinite = newErrorIfNonfinite;
            return this;
        }

        /**
         * Sets whether the tensors are given to the engine together rather than one by one. The default is null: together if
         * the device supports it.
         */
        public Options foreach(@Nullable Boolean newForeach) {
            foreach = newForeach;
            return this;
        }
    }

    // --- by the norm -------------------------------------------------------------------------------------------

    /** Limits the 2-norm of the gradients; see {@link #clipGradNorm_(Iterable, double, Consumer)}. */
    public static Tensor clipGradNorm_(Iterable<? extends Tensor> parameters, double maxNorm) {
        return clipGradNorm_(parameters, maxNorm, o -> {});
    }

    /** Limits the 2-norm of the gradient of one parameter; see {@link #clipGradNorm_(Iterable, double, Consumer)}. */
    public static Tensor clipGradNorm_(Tensor parameter, double maxNorm) {
        return clipGradNorm_(List.of(parameter), maxNorm);
    }

    /**
     * Scales the gradients down so that their norm, as of a single vector, is at most {@code maxNorm}:
     * {@code grad * min(1, maxNorm / (norm + 1e-6))}.
     *
     * @param parameters the parameters whose gradients are limited
     * @param maxNorm the greatest norm
     * @param options sets the optional arguments
     * @return the norm before scaling, ()
     * @throws TorchException if the norm is NaN or infinite and {@code errorIfNonfinite} is set; the gradients are then
     *     unchanged
     * @throws IllegalArgumentException if {@code foreach} is true and the device of the gradients does not support it
     */
    public static Tensor clipGradNorm_(
            Iterable<? extends Tensor> parameters, double maxNorm, Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
        try (GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope();
                TensorBundles grads = TensorBundles.gradientsOf(parameters)) {
            Tensor norm = totalNorm(grads, o);
            scale(grads, maxNorm, norm, o.foreach);
            return scope.keep(norm);
        }
    }

    /**
     * Limits the norm of the gradients under PyTorch's former name of {@link #clipGradNorm_(Iterable, double)}.
     *
     * @deprecated as in PyTorch; use {@code clipGradNorm_}, whose name says that it changes the gradients
     */
    @Deprecated
    public static Tensor clipGradNorm(Iterable<? extends Tensor> parameters, double maxNorm) {
        return clipGradNorm_(parameters, maxNorm);
    }

    /**
     * Scales the gradients together if the device supports it; see
     * {@link #clipGradsWithNorm_(Iterable, double, Tensor, Boolean)}.
     */
    public static void clipGradsWithNorm_(Iterable<? extends Tensor> parameters, double maxNorm, Tensor totalNorm) {
        clipGradsWithNorm_(parameters, maxNorm, totalNorm, null);
    }

    /**
     * Scales the gradients by {@code min(1, maxNorm / (totalNorm + 1e-6))}: the second half of
     * {@link #clipGradNorm_(Iterable, double)}.
     *
     * @param parameters the parameters whose gradients are scaled
     * @param maxNorm the greatest norm
     * @param totalNorm the norm of the gradients, ()
     * @param foreach whether the tensors are given to the engine together; null for together if the device supports it
     * @throws IllegalArgumentException if {@code foreach} is true and the device of the gradients does not support it
     */
    public static void clipGradsWithNorm_(
            Iterable<? extends Tensor> parameters, double maxNorm, Tensor totalNorm, @Nullable Boolean foreach) {
        try (GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope();
                TensorBundles grads = TensorBundles.gradientsOf(parameters)) {
            scale(grads, maxNorm, totalNorm, foreach);
        }
    }

    /** Returns the 2-norm of all elements; see {@link #getTotalNorm(Iterable, Consumer)}. */
    public static Tensor getTotalNorm(Iterable<? extends Tensor> tensors) {
        return getTotalNorm(tensors, o -> {});
    }

    /**
     * Returns the norm of all elements of {@code tensors}, as of a single vector. It is the norm of their norms.
     *
     * @param tensors tensors of any device and dtype, such as gradients; a parameter in it stands for its own values, not for
     *     its gradient
     * @param options sets the optional arguments
     * @return a tensor (), on the device of the first tensor; 0 if there are no tensors
     * @throws TorchException if the norm is NaN or infinite and {@code errorIfNonfinite} is set
     * @throws IllegalArgumentException if {@code foreach} is true and the device of a tensor does not support it
     */
    public static Tensor getTotalNorm(Iterable<? extends Tensor> tensors, Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
        List<Tensor> list = new ArrayList<>();
        tensors.forEach(list::add);
        try (GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope();
                TensorBundles bundles = TensorBundles.of(list)) {
            return scope.keep(totalNorm(bundles, o));
        }
    }

    // --- by the value ------------------------------------------------------------------------------------------

    /** Limits the elements together if the device supports it; see {@link #clipGradValue_(Iterable, double, Boolean)}. */
    public static void clipGradValue_(Iterable<? extends Tensor> parameters, double clipValue) {
        clipGradValue_(parameters, clipValue, null);
    }

    /** Limits the elements of the gradient of one parameter; see {@link #clipGradValue_(Iterable, double)}. */
    public static void clipGradValue_(Tensor parameter, double clipValue) {
        clipGradValue_(List.of(parameter), clipValue);
    }

    /**
     * Limits each element of the gradients to {@code [-clipValue, clipValue]}.
     *
     * @param parameters the parameters whose gradients are limited
     * @param clipValue the greatest absolute value
     * @param foreach whether the tensors are given to the engine together; null for together if the device supports it
     * @throws IllegalArgumentException if {@code foreach} is true and the device of the gradients does not support it
     */
    public static void clipGradValue_(
            Iterable<? extends Tensor> parameters, double clipValue, @Nullable Boolean foreach) {
        try (GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope();
                TensorBundles grads = TensorBundles.gradientsOf(parameters)) {
            Foreach.visit(
                    grads,
                    foreach,
                    group -> Foreach.clamp_(group, -clipValue, clipValue),
                    group -> group.forEach(grad -> grad.clamp_(-clipValue, clipValue)));
        }
    }

    // --- the work ----------------------------------------------------------------------------------------------

    private static Tensor totalNorm(TensorBundles tensors, Options o) {
        if (tensors.isEmpty()) {
            return Torch.tensor(0.0);
        }
        List<TensorBundle> norms = new ArrayList<>();
        try {
            Foreach.visit(
                    tensors,
                    o.foreach,
                    group -> norms.add(Foreach.norm(group, o.normType)),
                    group -> norms.add(TensorBundle.of(group.stream()
                            .map(tensor -> tensor.linalgVectorNorm(o.normType))
                            .toList())));
            return checked(stack(norms).linalgVectorNorm(o.normType), o);
        } finally {
            norms.forEach(TensorBundle::close);
        }
    }

    /** Returns the tensors of all bundles in one tensor, on the device of the first. */
    private static Tensor stack(List<TensorBundle> bundles) {
        if (bundles.size() == 1) {
            return bundles.get(0).stack();
        }
        List<Tensor> all = new ArrayList<>();
        bundles.forEach(bundle -> all.addAll(bundle.toList()));
        Device device = all.get(0).device();
        all.replaceAll(each -> each.device().equals(device) ? each : each.to(device));
        return Torch.stack(all);
    }

    private static Tensor checked(Tensor total, Options o) {
        if (o.errorIfNonfinite && !total.isfinite().all().toBooleanArray()[0]) {
            throw new TorchException(
                    "The total norm of order " + PythonText.of(o.normType) + " for gradients from `parameters` is"
                            + " non-finite, so it cannot be clipped. To disable this error and scale the gradients by the"
                            + " non-finite norm anyway, set `error_if_nonfinite=False`");
        }
        return total;
    }

    /** Scales by a factor that stays on the device. It is not compared with 1, because that would wait for the device. */
    private static void scale(TensorBundles grads, double maxNorm, Tensor totalNorm, @Nullable Boolean foreach) {
        Tensor factor = totalNorm.add(1e-6).reciprocal().mul(maxNorm).clampMax(1.0);
        Foreach.visit(grads, foreach, group -> Foreach.mul_(group, factor.to(group.device())), group -> {
            Tensor here = factor.to(group.get(0).device());
            group.forEach(grad -> grad.mul_(here));
        });
    }
}
