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
 * Looks for the traps that models fall into, each told with where it is and what to do.
 *
 * <pre>{@code
 * Diagnosis diagnosis = Doctor.check(model, x, o -> o.loss(y -> criterion.call(y, target)).optimizer(optimizer));
 * System.out.println(diagnosis);
 * }</pre>
 *
 * <p>The model is looked at as it stands, then run forward and backward in its own mode, and once more forward in eval mode.
 * Afterwards it is as it was: parameters, buffers, gradients, modes, hooks, and the CPU's default generator. A forward
 * that fails is a finding and no exception.
 *
 * @see Trap
 */
public final class Doctor {

    /**
     * The optional arguments of {@link #check(Module, Object, Consumer)}.
     *
     * @param <O> what the model gives
     */
    public static final class Options<O extends @Nullable Object> {
        private @Nullable Function<? super O, Tensor> loss;
        private @Nullable Optimizer<?> optimizer;

        private Options() {}

        /**
         * Sets what the gradients are of: a scalar; the default is a sum over the output's elements, weighted up and down and
         * with a gradient of norm 1, so that what is too small or too large can be told from it.
         */
        public Options<O> loss(Function<? super O, Tensor> newLoss) {
            loss = newLoss;
            return this;
        }

        /** Sets the optimizer that is to train the model; the default is none is looked at. */
        public Options<O> optimizer(Optimizer<?> newOptimizer) {
            optimizer = newOptimizer;
            return this;
        }
    }

    private Doctor() {}

    /** Returns what can be seen without running {@code model}. */
    public static Diagnosis check(Module<?, ?> model) {
        List<Finding> findings = new ArrayList<>();
        StateChecks.check(model, findings);
        ModeChecks.check(model, findings);
        return new Diagnosis(findings);
    }

    /** {@link #check(Module, Object, Consumer)} with the default loss and without an optimizer. */
    public static <I extends @Nullable Object, O extends @Nullable Object> Diagnosis check(
            Module<I, O> model, I input) {
        return check(model, input, o -> {});
    }

    /**
     * Returns all that can be seen.
     *
     * @param model any module
     * @param input what it takes
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
