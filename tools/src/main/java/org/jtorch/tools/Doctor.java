package org.jtorch.tools;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.Module;
import org.jtorch.optim.Optimizer;

/**
 * Finds common mistakes in a model. Each finding says where it is and what to do.
 *
 * <pre>{@code
 * Diagnosis diagnosis = Doctor.check(model, x, o -> o.loss(y -> criterion.call(y, target)).optimizer(optimizer));
 * System.out.println(diagnosis);
 * }</pre>
 *
 * <p>The model is examined as it is, then run forward and backward in its own mode, and once more forward in eval mode.
 * Afterwards, its parameters, buffers, gradients, modes and hooks are restored, and so is the CPU's default generator. If a
 * forward fails, that is a finding and not an exception.
 *
 * @see Trap
 */
public final class Doctor {

    /**
     * The optional arguments of {@link #check(Module, Object, Consumer)}.
     *
     * @param <O> the type of the model's output
     */
    public static final class Options<O extends @Nullable Object> {
        private @Nullable Function<? super O, Tensor> loss;
        private @Nullable Optimizer<?> optimizer;

        private Options() {}

        /**
         * Sets the function that computes the scalar to differentiate from the output. The default is a sum of the output's
         * elements with weights of both signs and a gradient of norm 1, so that vanishing and exploding gradients can be
         * recognized.
         */
        public Options<O> loss(Function<? super O, Tensor> newLoss) {
            loss = newLoss;
            return this;
        }

        /** Sets the optimizer that is to train the model; by default, no optimizer is checked. */
        public Options<O> optimizer(Optimizer<?> newOptimizer) {
            optimizer = newOptimizer;
            return this;
        }
    }

    private Doctor() {}

    /** Returns the findings that do not require running {@code model}. */
    public static Diagnosis check(Module<?, ?> model) {
        List<Finding> findings = new ArrayList<>();
        StateChecks.check(model, findings);
        ModeChecks.check(model, findings);
        return new Diagnosis(findings);
    }

    /** Returns all findings, with the default loss and without an optimizer; see {@link #check(Module, Object, Consumer)}. */
    public static <I extends @Nullable Object, O extends @Nullable Object> Diagnosis check(
            Module<I, O> model, I input) {
        return check(model, input, o -> {});
    }

    /**
     * Returns all findings.
     *
     * @param model the model
     * @param input the input of the model
     * @param options sets the optional arguments
     */
    public static <I extends @Nullable Object, O extends @Nullable Object> Diagnosis check(
            Module<I, O> model, I input, Consumer<Options<O>> options) {
        Options<O> o = Customized.of(new Options<>(), options);
        List<Finding> findings = new ArrayList<>(check(model).findings());
        StateChecks.checkInput(model, input, findings);
        if (o.optimizer != null) {
            OptimizerChecks.check(model, o.optimizer, findings);
        }
        try (ModelState state = new ModelState(model, input)) {
            RunChecks.check(model, input, o.loss, findings);
        }
        return new Diagnosis(findings);
    }
}
