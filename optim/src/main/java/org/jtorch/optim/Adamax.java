package org.jtorch.optim;

import static org.jtorch.optim.Batch.map;

import java.util.List;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.optim.options.Betas;
import org.jtorch.optim.options.Capturable;
import org.jtorch.optim.options.Differentiable;
import org.jtorch.optim.options.Eps;
import org.jtorch.optim.options.Foreach;
import org.jtorch.optim.options.Maximize;
import org.jtorch.optim.options.OptimizerOptions;
import org.jtorch.optim.options.WeightDecay;

/**
 * Adam with the greatest absolute value of the gradient, which decays, instead of its mean square.
 *
 * <pre>
 * g = g + weight_decay p
 * m = beta1 m + (1 - beta1) g
 * u = max(beta2 u, |g| + eps)
 * p = p - lr / (1 - beta1^t)  m / u
 * </pre>
 *
 * <p>The real and imaginary parts of a complex parameter are optimized separately. Sparse gradients are not supported.
 *
 * @see <a href="https://arxiv.org/abs/1412.6980">Adam: a method for stochastic optimization, Kingma and Ba 2014</a>
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.Adamax.html">torch.optim.Adamax</a>
 */
public final class Adamax extends BatchedOptimizer<Adamax.Options> {

    /** The optional arguments of {@link Adamax}: lr 2e-3, betas 0.9 and 0.999, eps 1e-8, everything else 0 or false. */
    public static final class Options extends OptimizerOptions<Options>
            implements Betas<Options>,
                    Eps<Options>,
                    WeightDecay<Options>,
                    Foreach<Options>,
                    Maximize<Options>,
                    Differentiable<Options>,
                    Capturable<Options> {

        /** Creates the default options. */
        public Options() {
            super(2e-3);
            declareBetas(0.9, 0.999);
            declareEps(1e-8);
            declareWeightDecay(0);
            declareOptionalFlag("foreach");
            declareFlag("maximize", false);
            declareFlag("differentiable", false);
            declareFlag("capturable", false);
        }
    }

    private static final String EXP_AVG = "exp_avg";
    private static final String EXP_INF = "exp_inf";

    /** Creates Adamax with the default options. */
    public Adamax(List<? extends Tensor> parameters) {
        this(parameters, o -> {});
    }

    /**
     * Creates Adamax over one group.
     *
     * @param parameters the parameters to optimize
     * @param options sets the optional arguments
     */
    public Adamax(List<? extends Tensor> parameters, Consumer<Options> options) {
        this(options, List.of(Params.of(parameters)));
    }

    /**
     * Creates Adamax over several groups, or over named parameters.
     *
     * @param options sets the optional arguments that the groups share
     * @param groups the parameters, with the arguments in which they differ
     */
    public Adamax(Consumer<Options> options, List<Params<Options>> groups) {
        super(Options::new, options, groups);
    }

    @Override
    protected void initialize(State state, Tensor parameter, Options o) {
        state.number(STEP, 0);
        state.zerosLike(EXP_AVG);
        state.zerosLike(EXP_INF);
    }

    @Override
    void update(Batch batch, Options o) {
        Tensors p = batch.parameters();
        Tensors g = batch.gradients(o.maximize());
        double[] t = batch.nextSteps();
        if (o.weightDecay() != 0) {
            g = g.add(p, o.weightDecay());
        }
        Tensors m = batch.state(EXP_AVG).lerp_(g, 1 - o.beta1());
        Tensors u = batch.state(EXP_INF).mul_(o.beta2()).maximum_(g.abs().add_(o.eps()));
        p.addcdiv_(m, u, map(t, step -> -o.lr() / (1 - Math.pow(o.beta1(), step))));
    }
}
