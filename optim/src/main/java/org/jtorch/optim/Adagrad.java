package org.jtorch.optim;

import static org.jtorch.optim.Batch.map;

import java.util.List;
import java.util.function.Consumer;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.internal.TrustedOperators;
import org.jtorch.optim.options.Differentiable;
import org.jtorch.optim.options.Eps;
import org.jtorch.optim.options.Foreach;
import org.jtorch.optim.options.Fused;
import org.jtorch.optim.options.Maximize;
import org.jtorch.optim.options.OptimizerOptions;
import org.jtorch.optim.options.WeightDecay;

/**
 * Gradient descent in which each element is divided by the root of the sum of its squared gradients.
 *
 * <pre>
 * g = g + weight_decay p
 * s = s + g²                                (s = initial_accumulator_value before the first step)
 * p = p - lr / (1 + (t - 1) lr_decay)  g / (sqrt(s) + eps)
 * </pre>
 *
 * <p>Sparse gradients are supported without weight decay; the elements that they do not contain are left as they are. The real and
 * imaginary parts of a complex parameter are optimized separately. The fused kernel is used unless the option {@code fused} is false
 * or {@code foreach} is true.
 *
 * @see <a href="https://jmlr.org/papers/v12/duchi11a.html">Adaptive subgradient methods for online learning and stochastic
 *     optimization, Duchi, Hazan and Singer 2011</a>
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.Adagrad.html">torch.optim.Adagrad</a>
 */
public final class Adagrad extends BatchedOptimizer<Adagrad.Options> {

    /** The optional arguments of {@link Adagrad}: lr 1e-2, eps 1e-10, everything else 0 or false. */
    public static final class Options extends OptimizerOptions<Options>
            implements Eps<Options>,
                    WeightDecay<Options>,
                    Foreach<Options>,
                    Maximize<Options>,
                    Differentiable<Options>,
                    Fused<Options> {

        /** Creates the default options. */
        public Options() {
            super(1e-2);
            declareNumber("lr_decay", 0, "Invalid lr_decay value", decay -> decay >= 0);
            declareEps(1e-10);
            declareWeightDecay(0);
            declareNumber(
                    "initial_accumulator_value", 0, "Invalid initial_accumulator_value value", value -> value >= 0);
            declareOptionalFlag("foreach");
            declareFlag("maximize", false);
            declareFlag("differentiable", false);
            declareOptionalFlag("fused");
        }

        /** Sets the decay of the learning rate; the default is 0. */
        public Options lrDecay(double lrDecay) {
            return set("lr_decay", lrDecay);
        }

        /** Returns the decay of the learning rate. */
        public double lrDecay() {
            return number("lr_decay");
        }

        /**
         * Sets what the sums of squares are before the first step; the default is 0. As in PyTorch, all groups begin with the
         * value that is set for the whole optimizer.
         */
        public Options initialAccumulatorValue(double value) {
            return set("initial_accumulator_value", value);
        }

        /** Returns what the sums of squares are before the first step. */
        public double initialAccumulatorValue() {
            return number("initial_accumulator_value");
        }

        @Override
        protected void validate() {
            FusedOptions.check(this);
        }
    }

    private static final String SUM = "sum";

    /** Called only with parameters that {@link FusedGuard} accepts. */
    private static final Operator FUSED = TrustedOperators.findUnguarded("aten::_fused_adagrad_", "");

    /** Creates Adagrad with the default options. */
    public Adagrad(List<? extends Tensor> parameters) {
        this(parameters, o -> {});
    }

    /**
     * Creates Adagrad over one group.
     *
     * @param parameters the parameters to optimize
     * @param options sets the optional arguments
     */
    public Adagrad(List<? extends Tensor> parameters, Consumer<Options> options) {
        this(options, List.of(Params.of(parameters)));
    }

    /**
     * Creates Adagrad over several groups, or over named parameters.
     *
     * @param options sets the optional arguments that the groups share
     * @param groups the parameters, with the arguments in which they differ
     */
    public Adagrad(Consumer<Options> options, List<Params<Options>> groups) {
        super(Options::new, options, groups);
    }

    @Override
    boolean needsShapes() {
        return true;
    }

    @Override
    void initializeEarly(Tensor parameter, Options o) {
        State state = stateToKeep(parameter);
        initialize(state, parameter, o);
        state.commit();
    }

    @Override
    protected void initialize(State state, Tensor parameter, Options o) {
        state.number(STEP, 0);
        state.fullLike(SUM, defaults().initialAccumulatorValue());
    }

    @Override
    protected void check(Slot slot, Options o) {
        if (slot.isSparse() && o.weightDecay() != 0) {
            throw new TorchException(
                    "weight_decay option is not compatible with sparse gradients: set weightDecay(0), or"
                            + " make the gradient of " + slot.name() + " dense");
        }
        slot.checkDtype();
    }

    @Override
    void update(Batch batch, Options o) {
        Tensors p = batch.parameters();
        Tensors g = batch.gradients(o.maximize());
        double[] t = batch.nextSteps();
        if (o.weightDecay() != 0) {
            g = g.add(p, o.weightDecay());
        }
        Tensors s = batch.state(SUM).addcmul_(g, g, 1);
        p.addcdiv_(g, s.sqrt().add_(o.eps()), map(t, step -> -rate(step, o)));
    }

    private static double rate(double step, Options o) {
        return o.lr() / (1 + (step - 1) * o.lrDecay());
    }

    @Override
    void updateSparse(Slot slot, Options o) {
        State state = slot.state();
        state.set(STEP, state.number(STEP) + 1);
        SparseGradient g = SparseGradient.of(slot, o.maximize());
        Tensor sum = state.tensor(SUM);
        sum.add_(g.with(g.values().pow(2)));
        Tensor divisor = g.of(sum).sqrt_().add_(o.eps());
        slot.parameter().add_(g.with(g.values().div(divisor)), -rate(state.number(STEP), o));
    }

    @Override
    boolean fuses(Slot slot, Options o) {
        return true;
    }

    @Override
    void fused(List<Slot> slots, Options o) {
        Batch batch = new Batch(slots, Tensors.Way.TOGETHER);
        FUSED.call(
                batch.parameters().list(),
                batch.gradients(false).list(),
                batch.state(SUM).list(),
                batch.nextStepTensors(),
                o.lr(),
                o.lrDecay(),
                o.weightDecay(),
                o.eps(),
                o.maximize(),
                null,
                null);
    }
}
