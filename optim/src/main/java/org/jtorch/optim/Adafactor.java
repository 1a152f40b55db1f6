package org.jtorch.optim;

import static org.jtorch.optim.Batch.map;

import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.optim.options.Foreach;
import org.jtorch.optim.options.Maximize;
import org.jtorch.optim.options.OptimizerOptions;
import org.jtorch.optim.options.OptionType;
import org.jtorch.optim.options.WeightDecay;
import org.jtorch.serialize.python.Tuple;

/**
 * Adam without momentum, whose second moments of a matrix are kept as a row and a column.
 *
 * <pre>
 * b = t^beta2_decay
 * r = min(lr, 1 / sqrt(t))
 * a = max(eps2, rms(p)) r
 * p = p (1 - lr weight_decay)
 * R = (1 - b) R + b mean(g², of each row)
 * C = (1 - b) C + b mean(g², of each column)
 * v = R C / max(mean(R), eps1)              (v = (1 - b) v + b g² for parameters with fewer than two dimensions)
 * u = g / max(sqrt(v), eps1)
 * p = p - a u / max(1, rms(u) / d)
 * </pre>
 *
 * <p>Neither complex parameters nor sparse gradients are supported. The means of rows and columns, and the norms, are computed for
 * each parameter by itself in any case.
 *
 * @see <a href="https://arxiv.org/abs/1804.04235">Adafactor: adaptive learning rates with sublinear memory cost, Shazeer and Stern
 *     2018</a>
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.Adafactor.html">torch.optim.Adafactor</a>
 */
public final class Adafactor extends BatchedOptimizer<Adafactor.Options> {

    /**
     * The optional arguments of {@link Adafactor}: lr 1e-2, beta2 decay -0.8, eps of the dtype and 1e-3, d 1, weight decay 0,
     * maximize false.
     */
    public static final class Options extends OptimizerOptions<Options>
            implements WeightDecay<Options>, Foreach<Options>, Maximize<Options> {

        /** Creates the default options. */
        public Options() {
            super(1e-2, "Learning rate should be >= 0 but is", rate -> rate >= 0);
            declareNumber("beta2_decay", -0.8, "beta2_decay should be <= 0 but is", decay -> decay <= 0);
            OptionType[] eps = {
                OptionType.optional(OptionType.number("epsilon1 should be >= 0 but is", value -> value >= 0)),
                OptionType.number("epsilon2 should be >= 0 but is", value -> value >= 0)
            };
            declareTuple("eps", eps, null, 1e-3);
            declareNumber("d", 1, "Clipping threshold d should be >= 1 but is", d -> d >= 1);
            declareNumber("weight_decay", 0, "weight_decay should be >= 0 but is", decay -> decay >= 0);
            declareOptionalFlag("foreach");
            declareFlag("maximize", false);
        }

        /** Sets the exponent of the step in the rate of the running averages, at most 0; the default is -0.8. */
        public Options beta2Decay(double beta2Decay) {
            return set("beta2_decay", beta2Decay);
        }

        /** Returns the exponent of the step in the rate of the running averages. */
        public double beta2Decay() {
            return number("beta2_decay");
        }

        /**
         * Sets the least divisors.
         *
         * @param eps1 the least root of a second moment; null, the default, is the distance from 1 to the next number of the
         *     parameter's dtype
         * @param eps2 the least size of a parameter in the size of its step; the default is 1e-3
         */
        public Options eps(@Nullable Double eps1, double eps2) {
            return set("eps", new @Nullable Object[] {eps1, eps2});
        }

        /** Returns the least root of a second moment, or null if it is that of the dtype. */
        public @Nullable Double eps1() {
            return (Double) ((Tuple) Objects.requireNonNull(get("eps"))).get(0);
        }

        /** Returns the least size of a parameter in the size of its step. */
        public double eps2() {
            return number("eps", 1);
        }

        /** Sets the size from which a step is made smaller, at least 1; the default is 1. */
        public Options d(double d) {
            return set("d", d);
        }

        /** Returns the size from which a step is made smaller. */
        public double d() {
            return number("d");
        }
    }

    private static final String ROW_VAR = "row_var";
    private static final String COL_VAR = "col_var";
    private static final String VARIANCE = "variance";

    /** Creates Adafactor with the default options. */
    public Adafactor(List<? extends Tensor> parameters) {
        this(parameters, o -> {});
    }

    /**
     * Creates Adafactor over one group.
     *
     * @param parameters the parameters to optimize
     * @param options sets the optional arguments
     */
    public Adafactor(List<? extends Tensor> parameters, Consumer<Options> options) {
        this(options, List.of(Params.of(parameters)));
    }

    /**
     * Creates Adafactor over several groups, or over named parameters.
     *
     * @param options sets the optional arguments that the groups share
     * @param groups the parameters, with the arguments in which they differ
     */
    public Adafactor(Consumer<Options> options, List<Params<Options>> groups) {
        super(Options::new, options, groups);
    }

    @Override
    protected void initialize(State state, Tensor parameter, Options o) {
        state.number(STEP, 0);
        long[] shape = parameter.shape();
        if (state.has(ROW_VAR) || shape.length > 1 && !state.has(VARIANCE)) {
            state.zeros(ROW_VAR, reduced(shape, 1));
            state.zeros(COL_VAR, reduced(shape, 2));
        } else {
            state.zerosLike(VARIANCE);
        }
    }

    /**
     * Returns sizes with 1 instead of the last one, or of the one before. A parameter may have lost that dimension since its state
     * was made.
     */
    private static long[] reduced(long[] shape, int fromEnd) {
        long[] reduced = shape.clone();
        if (shape.length >= fromEnd) {
            reduced[shape.length - fromEnd] = 1;
        }
        return reduced;
    }

    @Override
    protected void check(Slot slot, Options o) {
        slot.checkReal(name());
        super.check(slot, o);
    }

    @Override
    void update(Batch batch, Options o) {
        batch.split(
                slot -> slot.state().has(ROW_VAR),
                matrices -> matrices.alike(alike -> update(alike, o, true)),
                vectors -> update(vectors, o, false));
    }

    private static void update(Batch batch, Options o, boolean matrices) {
        Tensors p = batch.parameters();
        Tensors g = batch.gradients(o.maximize());
        double[] t = batch.nextSteps();
        double[] weights = map(t, step -> Math.pow(step, o.beta2Decay()));
        double[] least = batch.map(slot -> eps1(slot, o));
        double[] roots = batch.map(slot -> Math.sqrt(slot.numel()));
        double[] sizes = p.norms();
        if (o.weightDecay() != 0) {
            p.mul_(1 - o.lr() * o.weightDecay());
        }
        Tensors v = matrices ? ofMatrices(batch, g, weights, least) : ofVectors(batch, g, weights);
        Tensors u = v.clampMin_(map(least, eps -> eps * eps)).rsqrt_().mul_(g);
        double[] norms = u.norms();
        double[] rates = new double[t.length];
        for (int i = 0; i < rates.length; i++) {
            double rate = Math.max(o.eps2(), sizes[i] / roots[i]) * Math.min(o.lr(), 1 / Math.sqrt(t[i]));
            rates[i] = -rate / Math.max(1, norms[i] / (roots[i] * o.d()));
        }
        p.add_(u, rates);
    }

    private static double eps1(Slot slot, Options o) {
        Double eps1 = o.eps1();
        return eps1 != null ? eps1 : slot.epsOfDtype();
    }

    /** Returns new estimates of the second moments of parameters with rows and columns. */
    private static Tensors ofMatrices(Batch batch, Tensors g, double[] weights, double[] least) {
        Tensors rows = batch.state(ROW_VAR).lerp_(g.meansOfSquares(-1), weights);
        Tensors columns = batch.state(COL_VAR).lerp_(g.meansOfSquares(-2), weights);
        Tensors means = rows.means(-2).clampMin_(least);
        return rows.mul(columns).div_(means);
    }

    /** Returns copies of the second moments of parameters without rows and columns. */
    private static Tensors ofVectors(Batch batch, Tensors g, double[] weights) {
        return batch.state(VARIANCE).lerp_(g.mul(g), weights).map(Tensor::clone);
    }
}
