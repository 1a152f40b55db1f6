package org.jtorch.optim;

import java.util.List;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.text.PythonNumbers;
import org.jtorch.optim.options.Capturable;
import org.jtorch.optim.options.Differentiable;
import org.jtorch.optim.options.Foreach;
import org.jtorch.optim.options.Maximize;
import org.jtorch.optim.options.OptimizerOptions;
import org.jtorch.optim.options.OptionType;

/**
 * Resilient backpropagation: each element has a step size of its own, and only the sign of the gradient counts. It is meant for
 * gradients of the whole data set.
 *
 * <pre>
 * s = min(s etaplus, step_size_max)         if g has the sign of the previous step (s = lr at the first step)
 * s = max(s etaminus, step_size_min)        if it has the opposite sign; then g = 0
 * p = p - s sign(g)
 * </pre>
 *
 * <p>The real and imaginary parts of a complex parameter are optimized separately. Sparse gradients are not supported.
 *
 * @see <a href="https://doi.org/10.1109/ICNN.1993.298623">A direct adaptive method for faster backpropagation learning: the RPROP
 *     algorithm, Riedmiller and Braun 1993</a>
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.Rprop.html">torch.optim.Rprop</a>
 */
public final class Rprop extends BatchedOptimizer<Rprop.Options> {

    /** The optional arguments of {@link Rprop}: lr 1e-2, etas 0.5 and 1.2, step sizes 1e-6 and 50, everything else false. */
    public static final class Options extends OptimizerOptions<Options>
            implements Foreach<Options>, Maximize<Options>, Differentiable<Options>, Capturable<Options> {

        /** Creates the default options. */
        public Options() {
            super(1e-2);
            OptionType number = OptionType.number("Invalid value", value -> true);
            declareTuple("etas", new OptionType[] {number, number}, 0.5, 1.2);
            declareTuple("step_sizes", new OptionType[] {number, number}, 1e-6, 50.0);
            declareOptionalFlag("foreach");
            declareFlag("maximize", false);
            declareFlag("differentiable", false);
            declareFlag("capturable", false);
        }

        /**
         * Sets the factors of the step sizes; the defaults are 0.5 and 1.2.
         *
         * @param minus the factor after the sign has changed, between 0 and 1
         * @param plus the factor after it has not, greater than 1
         */
        public Options etas(double minus, double plus) {
            return set("etas", new double[] {minus, plus});
        }

        /** Returns the factor of a step size after the sign has changed. */
        public double etaMinus() {
            return number("etas", 0);
        }

        /** Returns the factor of a step size after the sign has not changed. */
        public double etaPlus() {
            return number("etas", 1);
        }

        /** Sets the least and the greatest step size; the defaults are 1e-6 and 50. */
        public Options stepSizes(double least, double greatest) {
            return set("step_sizes", new double[] {least, greatest});
        }

        /** Returns the least step size. */
        public double stepSizeMin() {
            return number("step_sizes", 0);
        }

        /** Returns the greatest step size. */
        public double stepSizeMax() {
            return number("step_sizes", 1);
        }

        @Override
        protected void validate() {
            if (!(etaMinus() > 0 && etaMinus() < 1 && etaPlus() > 1)) {
                throw new IllegalArgumentException(
                        "Invalid eta values: " + PythonNumbers.repr(etaMinus()) + ", " + PythonNumbers.repr(etaPlus()));
            }
        }
    }

    private static final String PREV = "prev";
    private static final String STEP_SIZE = "step_size";

    /** Creates Rprop with the default options. */
    public Rprop(List<? extends Tensor> parameters) {
        this(parameters, o -> {});
    }

    /**
     * Creates Rprop over one group.
     *
     * @param parameters the parameters to optimize
     * @param options sets the optional arguments
     */
    public Rprop(List<? extends Tensor> parameters, Consumer<Options> options) {
        this(options, List.of(Params.of(parameters)));
    }

    /**
     * Creates Rprop over several groups, or over named parameters.
     *
     * @param options sets the optional arguments that the groups share
     * @param groups the parameters, with the arguments in which they differ
     */
    public Rprop(Consumer<Options> options, List<Params<Options>> groups) {
        super(Options::new, options, groups);
    }

    @Override
    protected void initialize(State state, Tensor parameter, Options o) {
        state.number(STEP, 0);
        state.zerosLike(PREV);
        state.fullLike(STEP_SIZE, o.lr());
    }

    @Override
    void update(Batch batch, Options o) {
        Tensors g = batch.gradients(o.maximize());
        Tensors previous = batch.state(PREV);
        batch.nextSteps();
        Tensors factors = g.mul(previous).sign().changeEach((sign, i) -> {
            sign.maskedFill_(sign.gt(0), o.etaPlus());
            sign.maskedFill_(sign.lt(0), o.etaMinus());
            sign.maskedFill_(sign.eq(0), 1);
        });
        Tensors sizes = batch.state(STEP_SIZE).mul_(factors).clamp_(o.stepSizeMin(), o.stepSizeMax());
        Tensors used = g.map(Tensor::clone)
                .changeEach((gradient, i) -> gradient.maskedFill_(factors.get(i).eq(o.etaMinus()), 0));
        batch.parameters().addcmul_(used.sign(), sizes, -1);
        previous.copy_(used);
    }
}
