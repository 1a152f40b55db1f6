package org.jtorch.optim;

import java.util.List;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.optim.options.Capturable;
import org.jtorch.optim.options.Differentiable;
import org.jtorch.optim.options.Eps;
import org.jtorch.optim.options.Foreach;
import org.jtorch.optim.options.Maximize;
import org.jtorch.optim.options.OptimizerOptions;
import org.jtorch.optim.options.WeightDecay;

/**
 * Gradient descent whose steps are as large as a running average of the previous ones.
 *
 * <pre>
 * g = g + weight_decay p
 * v = rho v + (1 - rho) g²
 * x = sqrt(u + eps) / sqrt(v + eps)  g
 * u = rho u + (1 - rho) x²
 * p = p - lr x
 * </pre>
 *
 * <p>The real and imaginary parts of a complex parameter are optimized separately. Sparse gradients are not supported.
 *
 * @see <a href="https://arxiv.org/abs/1212.5701">ADADELTA: an adaptive learning rate method, Zeiler 2012</a>
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.Adadelta.html">torch.optim.Adadelta</a>
 */
public final class Adadelta extends BatchedOptimizer<Adadelta.Options> {

    /** The optional arguments of {@link Adadelta}: lr 1, rho 0.9, eps 1e-6, everything else 0 or false. */
    public static final class Options extends OptimizerOptions<Options>
            implements Eps<Options>,
                    WeightDecay<Options>,
                    Maximize<Options>,
                    Capturable<Options>,
                    Foreach<Options>,
                    Differentiable<Options> {

        /** Creates the default options. */
        public Options() {
            super(1);
            declareNumber("rho", 0.9, "Invalid rho value", rho -> rho >= 0 && rho <= 1);
            declareEps(1e-6);
            declareWeightDecay(0);
            declareFlag("maximize", false);
            declareFlag("capturable", false);
            declareOptionalFlag("foreach");
            declareFlag("differentiable", false);
        }

        /** Sets the decay rate of the running averages, from 0 to 1; the default is 0.9. */
        public Options rho(double rho) {
            return set("rho", rho);
        }

        /** Returns the decay rate of the running averages. */
        public double rho() {
            return number("rho");
        }
    }

    private static final String SQUARE_AVG = "square_avg";
    private static final String ACC_DELTA = "acc_delta";

    /** Creates Adadelta with the default options. */
    public Adadelta(List<? extends Tensor> parameters) {
        this(parameters, o -> {});
    }

    /**
     * Creates Adadelta over one group.
     *
     * @param parameters the parameters to optimize
     * @param options sets the optional arguments
     */
    public Adadelta(List<? extends Tensor> parameters, Consumer<Options> options) {
        this(options, List.of(Params.of(parameters)));
    }

    /**
     * Creates Adadelta over several groups, or over named parameters.
     *
     * @param options sets the optional arguments that the groups share
     * @param groups the parameters, with the arguments in which they differ
     */
    public Adadelta(Consumer<Options> options, List<Params<Options>> groups) {
        super(Options::new, options, groups);
    }

    @Override
    protected void initialize(State state, Tensor parameter, Options o) {
        state.number(STEP, 0);
        state.zerosLike(SQUARE_AVG);
        state.zerosLike(ACC_DELTA);
    }

    @Override
    void update(Batch batch, Options o) {
        Tensors p = batch.parameters();
        Tensors g = batch.gradients(o.maximize());
        batch.nextSteps();
        if (o.weightDecay() != 0) {
            g = g.add(p, o.weightDecay());
        }
        Tensors v = batch.state(SQUARE_AVG).mul_(o.rho()).addcmul_(g, g, 1 - o.rho());
        Tensors u = batch.state(ACC_DELTA);
        Tensors divisor = v.add(o.eps()).sqrt_();
        Tensors x = u.add(o.eps()).sqrt_().div_(divisor).mul_(g);
        u.mul_(o.rho()).addcmul_(x, x, 1 - o.rho());
        p.add_(x, -o.lr());
    }
}
