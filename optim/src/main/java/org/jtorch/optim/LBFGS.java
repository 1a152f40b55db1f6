package org.jtorch.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.optim.options.Maximize;
import org.jtorch.optim.options.OptimizerOptions;

/**
 * L-BFGS: steps along a direction that is computed from the last gradients and steps, as if by the inverse matrix of second
 * derivatives. Each step computes the loss several times, so it needs a closure:
 *
 * <pre>{@code
 * var optimizer = new LBFGS(model.parameters(), o -> o.lineSearchFn("strong_wolfe"));
 * optimizer.step(() -> {
 *     optimizer.zeroGrad();
 *     Tensor loss = lossFunction.call(model.call(x), y);
 *     loss.backward();
 *     return loss;
 * });
 * }</pre>
 *
 * <p>There is one group of parameters. All of them are optimized together, so they must be on one device, and parameters without a
 * gradient count as if it were zero. Sparse gradients are made dense; complex parameters are seen as pairs of real numbers. The
 * state is kept under the first parameter, and needs {@code 2 history_size + 2} times the memory of the parameters.
 *
 * @see <a href="https://doi.org/10.1007/BF01589116">On the limited memory BFGS method for large scale optimization, Liu and Nocedal
 *     1989</a>
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.LBFGS.html">torch.optim.LBFGS</a>
 */
public final class LBFGS extends Optimizer<LBFGS.Options> {

    /**
     * The optional arguments of {@link LBFGS}: lr 1, at most 20 iterations and 25 evaluations, tolerances 1e-7 and 1e-9, history
     * size 100, no line search, maximize false.
     */
    public static final class Options extends OptimizerOptions<Options> implements Maximize<Options> {

        /** Creates the default options. */
        public Options() {
            super(1);
            declareInteger("max_iter", 20, "Invalid max_iter value", value -> true);
            declareOptionalInteger("max_eval", null);
            declareNumber("tolerance_grad", 1e-7);
            declareNumber("tolerance_change", 1e-9);
            declareInteger("history_size", 100, "history_size should be >= 1 but is", value -> value >= 1);
            declareOptionalText(
                    "line_search_fn",
                    "strong_wolfe"::equals,
                    text -> "only 'strong_wolfe' is supported, but the line_search_fn is '" + text + "'");
            declareFlag("maximize", false);
        }

        /** Sets the greatest number of iterations of a step; the default is 20. */
        public Options maxIter(long maxIter) {
            return set("max_iter", maxIter);
        }

        /** Returns the greatest number of iterations of a step. */
        public long maxIter() {
            return (long) number("max_iter");
        }

        /** Sets after how many evaluations of the loss a step ends; the default is a quarter more than the iterations. */
        public Options maxEval(long maxEval) {
            return set("max_eval", maxEval);
        }

        /** Returns after how many evaluations of the loss a step ends. */
        public long maxEval() {
            return get("max_eval") == null ? maxIter() * 5 / 4 : (long) number("max_eval");
        }

        /** Sets the greatest absolute value in a gradient at which a step ends; the default is 1e-7. */
        public Options toleranceGrad(double toleranceGrad) {
            return set("tolerance_grad", toleranceGrad);
        }

        /** Returns the greatest absolute value in a gradient at which a step ends. */
        public double toleranceGrad() {
            return number("tolerance_grad");
        }

        /** Sets the change of the loss or of a parameter at which a step ends; the default is 1e-9. */
        public Options toleranceChange(double toleranceChange) {
            return set("tolerance_change", toleranceChange);
        }

        /** Returns the change of the loss or of a parameter at which a step ends. */
        public double toleranceChange() {
            return number("tolerance_change");
        }

        /**
         * Sets how many gradients and steps are kept, at least 1; the default is 100.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public Options historySize(long historySize) {
            return set("history_size", historySize);
        }

        /** Returns how many gradients and steps are kept. */
        public long historySize() {
            return (long) number("history_size");
        }

        /**
         * Sets how the length of a step is found: {@code strong_wolfe} or null, the default, which is {@code lr}.
         *
         * @throws IllegalArgumentException if it is neither
         */
        public Options lineSearchFn(@Nullable String lineSearchFn) {
            return set("line_search_fn", lineSearchFn);
        }

        /** Returns how the length of a step is found. */
        public @Nullable String lineSearchFn() {
            return (String) get("line_search_fn");
        }

        /** Sets the number of evaluations if it was not set, as PyTorch does when the optimizer is created. */
        @Override
        protected void validate() {
            set("max_eval", maxEval());
        }
    }

    /** Creates LBFGS with the default options. */
    public LBFGS(List<? extends Tensor> parameters) {
        this(parameters, o -> {});
    }

    /**
     * Creates LBFGS over one group.
     *
     * @param parameters the parameters to optimize
     * @param options sets the optional arguments
     */
    public LBFGS(List<? extends Tensor> parameters, Consumer<Options> options) {
        this(options, List.of(Params.of(parameters)));
    }

    /**
     * Creates LBFGS over several groups, or over named parameters.
     *
     * @param options sets the optional arguments that the groups share
     * @param groups the parameters, with the arguments in which they differ
     */
    public LBFGS(Consumer<Options> options, List<Params<Options>> groups) {
        super(Options::new, options, groups);
    }

    @Override
    void checkParameters(int group, List<Tensor> parameters, Options o) {
        if (group > 0) {
            throw new IllegalArgumentException("LBFGS doesn't support per-parameter options (parameter groups)");
        }
    }

    @Override
    protected void initialize(State state, Tensor parameter, Options o) {
        if (parameter == parameters().get(0)) {
            state.integer(LbfgsHistory.FUNC_EVALS, 0);
            state.integer(LbfgsHistory.N_ITER, 0);
        }
    }

    @Override
    void checkLoaded(State state, String name, Options o) {
        if (state.parameter() == parameters().get(0)) {
            LbfgsHistory.check(state, name, numel());
        }
    }

    @Override
    protected void update(Slot slot, Options o) {
        throw new AssertionError("run changes all parameters together");
    }

    @Override
    boolean needsAllParameters() {
        return true;
    }

    private List<Tensor> parameters() {
        return groups().get(0).parameters();
    }

    private long numel() {
        return parameters().stream().mapToLong(p -> real(p).numel()).sum();
    }

    @Override
    @Nullable
    Tensor run(@Nullable Supplier<Tensor> closure) {
        if (closure == null) {
            throw new IllegalArgumentException(
                    "LBFGS computes the loss several times in each step: call step with a closure that does so");
        }
        try (GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope()) {
            return new Step(groups().get(0).options(), closure, scope).run();
        }
    }

    private static Tensor real(Tensor tensor) {
        return tensor.isComplex() ? tensor.resolveConj().viewAsReal() : tensor;
    }

    /** One step of the optimizer. */
    private final class Step {

        private final Options o;
        private final Supplier<Tensor> closure;
        private final TensorScope scope;
        private final State state;

        Step(Options o, Supplier<Tensor> closure, TensorScope scope) {
            this.o = o;
            this.closure = closure;
            this.scope = scope;
            state = stateToKeep(parameters().get(0));
            initialize(state, parameters().get(0), o);
            state.commit();
        }

        /** Computes the loss and its gradients. What the closure creates does not belong to the step. */
        private Tensor loss() {
            try (GradMode mode = Autograd.enableGrad();
                    TensorScope outside = scope.outside()) {
                Tensor loss = closure.get();
                count(LbfgsHistory.FUNC_EVALS);
                return loss;
            }
        }

        private void count(String name) {
            state.setInteger(name, state.integer(name) + 1);
        }

        private double value(Tensor loss) {
            return o.maximize() ? -loss.item() : loss.item();
        }

        /** Returns all gradients as one vector. */
        private Tensor gradient() {
            List<Tensor> parts = new ArrayList<>();
            for (Tensor parameter : parameters()) {
                Tensor grad = parameter.grad();
                Tensor part = grad == null ? Torch.zerosLike(parameter) : grad;
                parts.add(real(part.layout() == Layout.STRIDED ? part : part.toDense())
                        .reshape(-1));
            }
            Tensor all = Torch.cat(parts);
            return o.maximize() ? all.neg() : all;
        }

        private void move(Scalar t, Tensor direction) {
            long offset = 0;
            for (Tensor parameter : parameters()) {
                Tensor p = real(parameter);
                p.add_(direction.narrow(0, offset, p.numel()).view(p.shape()), t.number());
                offset += p.numel();
            }
        }

        Tensor run() {
            Tensor first = loss();
            slots(0); // refuses parameters that cannot be changed
            double loss = value(first);
            Tensor g = gradient();
            LbfgsHistory history = new LbfgsHistory(state, o.historySize());
            history.check(g);
            if (isOptimal(g)) {
                return first;
            }
            long evaluations = 1;
            for (long i = 1; i <= o.maxIter(); i++) {
                count(LbfgsHistory.N_ITER);
                boolean begins = state.integer(LbfgsHistory.N_ITER) == 1;
                Tensor direction = begins ? history.begin(g) : history.direction(g);
                double before = loss;
                history.remember(g, before);
                Scalar t = begins ? firstSize(g) : Scalar.of(o.lr());
                history.setStep(t.number());
                Scalar slope = Scalar.of(g.dot(direction));
                if (Scalar.of(-o.toleranceChange()).isLess(slope)) {
                    break;
                }
                boolean optimal = false;
                if (o.lineSearchFn() != null) {
                    StrongWolfe.Point start = new StrongWolfe.Point(Scalar.of(0), loss, g, slope);
                    StrongWolfe.Result found = search(start, t, direction, o.maxEval() - evaluations);
                    t = found.point().t();
                    loss = found.point().loss();
                    g = found.point().gradient();
                    evaluations += found.evaluations();
                    move(t, direction);
                    history.setStep(t.number());
                    optimal = isOptimal(g);
                } else {
                    move(t, direction);
                    if (i != o.maxIter()) {
                        loss = value(loss());
                        g = gradient();
                        evaluations++;
                        optimal = isOptimal(g);
                    }
                }
                if (evaluations >= o.maxEval()
                        || optimal
                        || greatest(direction.mul(t.number())).isAtMost(o.toleranceChange())
                        || Math.abs(loss - before) < o.toleranceChange()) {
                    break;
                }
            }
            history.save(state);
            return first;
        }

        private boolean isOptimal(Tensor gradient) {
            return greatest(gradient).isAtMost(o.toleranceGrad());
        }

        private static Scalar greatest(Tensor vector) {
            return Scalar.of(vector.abs().max());
        }

        /** Returns the size of the first step of all, whose direction has no scale. */
        private Scalar firstSize(Tensor gradient) {
            Scalar inverse = Scalar.of(1).over(Scalar.of(gradient.abs().sum()));
            return Scalar.min(Scalar.of(1), inverse).times(o.lr());
        }

        private StrongWolfe.Result search(StrongWolfe.Point start, Scalar t, Tensor direction, long most) {
            List<Tensor> before = parameters().stream().map(Tensor::clone).toList();
            return StrongWolfe.search(
                    size -> {
                        move(size, direction);
                        double loss = value(loss());
                        Tensor gradient = gradient();
                        for (int i = 0; i < before.size(); i++) {
                            parameters().get(i).copy_(before.get(i));
                        }
                        return new StrongWolfe.Point(size, loss, gradient, Scalar.of(gradient.dot(direction)));
                    },
                    start,
                    t,
                    greatest(direction),
                    o.toleranceChange(),
                    most);
        }
    }
}
