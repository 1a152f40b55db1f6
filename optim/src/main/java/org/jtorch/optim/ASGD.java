package org.jtorch.optim;

import static org.jtorch.optim.Batch.map;

import java.util.List;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.optim.options.Capturable;
import org.jtorch.optim.options.Differentiable;
import org.jtorch.optim.options.Foreach;
import org.jtorch.optim.options.Maximize;
import org.jtorch.optim.options.OptimizerOptions;
import org.jtorch.optim.options.WeightDecay;

/**
 * Averaged stochastic gradient descent. The average of the parameter over the steps is in its state, under the name {@code ax}.
 *
 * <pre>
 * g   = g + weight_decay p
 * p   = p (1 - lambd eta) - eta g           (eta = lr at the first step)
 * a   = a + mu (p - a)                      (a = p while mu is 1)
 * eta = lr / (1 + lambd lr t)^alpha
 * mu  = 1 / max(1, t - t0)
 * </pre>
 *
 * <p>The real and imaginary parts of a complex parameter are optimized separately. Sparse gradients are not supported.
 *
 * @see <a href="https://doi.org/10.1137/0330046">Acceleration of stochastic approximation by averaging, Polyak and Juditsky
 *     1992</a>
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.ASGD.html">torch.optim.ASGD</a>
 */
public final class ASGD extends BatchedOptimizer<ASGD.Options> {

    /** The optional arguments of {@link ASGD}: lr 1e-2, lambd 1e-4, alpha 0.75, t0 1e6, everything else 0 or false. */
    public static final class Options extends OptimizerOptions<Options>
            implements WeightDecay<Options>,
                    Foreach<Options>,
                    Maximize<Options>,
                    Differentiable<Options>,
                    Capturable<Options> {

        /** Creates the default options. */
        public Options() {
            super(1e-2);
            declareNumber("lambd", 1e-4);
            declareNumber("alpha", 0.75);
            declareNumber("t0", 1e6);
            declareWeightDecay(0);
            declareOptionalFlag("foreach");
            declareFlag("maximize", false);
            declareFlag("differentiable", false);
            declareFlag("capturable", false);
        }

        /** Sets the decay; the default is 1e-4. */
        public Options lambd(double lambd) {
            return set("lambd", lambd);
        }

        /** Returns the decay. */
        public double lambd() {
            return number("lambd");
        }

        /** Sets the exponent in the learning rate; the default is 0.75. */
        public Options alpha(double alpha) {
            return set("alpha", alpha);
        }

        /** Returns the exponent in the learning rate. */
        public double alpha() {
            return number("alpha");
        }

        /** Sets the number of steps after which the average begins; the default is 1e6. */
        public Options t0(double t0) {
            return set("t0", t0);
        }

        /** Returns the number of steps after which the average begins. */
        public double t0() {
            return number("t0");
        }
    }

    private static final String ETA = "eta";
    private static final String MU = "mu";
    private static final String AX = "ax";

    /** Creates ASGD with the default options. */
    public ASGD(List<? extends Tensor> parameters) {
        this(parameters, o -> {});
    }

    /**
     * Creates ASGD over one group.
     *
     * @param parameters the parameters to optimize
     * @param options sets the optional arguments
     */
    public ASGD(List<? extends Tensor> parameters, Consumer<Options> options) {
        this(options, List.of(Params.of(parameters)));
    }

    /**
     * Creates ASGD over several groups, or over named parameters.
     *
     * @param options sets the optional arguments that the groups share
     * @param groups the parameters, with the arguments in which they differ
     */
    public ASGD(Consumer<Options> options, List<Params<Options>> groups) {
        super(Options::new, options, groups);
    }

    @Override
    protected void initialize(State state, Tensor parameter, Options o) {
        state.number(STEP, 0);
        state.number(ETA, o.lr());
        state.number(MU, 1);
        state.zerosLike(AX);
    }

    @Override
    void update(Batch batch, Options o) {
        Tensors p = batch.parameters();
        Tensors g = batch.gradients(o.maximize());
        double[] t = batch.nextSteps();
        if (o.weightDecay() != 0) {
            g = g.add(p, o.weightDecay());
        }
        double[] eta = batch.numbers(ETA);
        p.mul_(map(eta, e -> 1 - o.lambd() * e)).add_(g, map(eta, e -> -e));
        batch.split(
                slot -> slot.state().number(MU) == 1, begun -> begun.state(AX).copy_(begun.parameters()), averaged -> {
                    Tensors a = averaged.state(AX);
                    a.add_(averaged.parameters().sub(a).mul_(averaged.numbers(MU)), 1);
                });
        batch.setNumbers(ETA, map(t, step -> o.lr() / Math.pow(1 + o.lambd() * o.lr() * step, o.alpha())));
        batch.setNumbers(MU, map(t, step -> 1 / Math.max(1, step - o.t0())));
    }
}
