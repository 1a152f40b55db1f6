package org.jtorch.optim;

import static org.jtorch.optim.Batch.map;

import java.util.List;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.optim.options.Betas;
import org.jtorch.optim.options.Capturable;
import org.jtorch.optim.options.DecoupledWeightDecay;
import org.jtorch.optim.options.Differentiable;
import org.jtorch.optim.options.Eps;
import org.jtorch.optim.options.Foreach;
import org.jtorch.optim.options.Maximize;
import org.jtorch.optim.options.OptimizerOptions;
import org.jtorch.optim.options.WeightDecay;

/**
 * Adam with Nesterov momentum.
 *
 * <pre>
 * g   = g + weight_decay p                  (p = p (1 - lr weight_decay) if the weight decay is decoupled)
 * mu  = beta1 (1 - 0.96^(t momentum_decay) / 2)
 * mu' = beta1 (1 - 0.96^((t + 1) momentum_decay) / 2)
 * m   = beta1 m + (1 - beta1) g
 * v   = beta2 v + (1 - beta2) g²
 * M   = M mu                                (M = 1 before the first step)
 * p   = p - lr ((1 - mu) / (1 - M)  g + mu' / (1 - M mu')  m) / (sqrt(v / (1 - beta2^t)) + eps)
 * </pre>
 *
 * <p>The real and imaginary parts of a complex parameter are optimized separately. Sparse gradients are not supported.
 *
 * @see <a href="https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ">Incorporating Nesterov momentum into Adam, Dozat 2016</a>
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.NAdam.html">torch.optim.NAdam</a>
 */
public final class NAdam extends BatchedOptimizer<NAdam.Options> {

    /**
     * The optional arguments of {@link NAdam}: lr 2e-3, betas 0.9 and 0.999, eps 1e-8, momentum decay 4e-3, everything else 0 or
     * false.
     */
    public static final class Options extends OptimizerOptions<Options>
            implements Betas<Options>,
                    Eps<Options>,
                    WeightDecay<Options>,
                    DecoupledWeightDecay<Options>,
                    Maximize<Options>,
                    Foreach<Options>,
                    Capturable<Options>,
                    Differentiable<Options> {

        /** Creates the default options. */
        public Options() {
            super(2e-3);
            declareBetas(0.9, 0.999);
            declareEps(1e-8);
            declareWeightDecay(0);
            declareNumber("momentum_decay", 4e-3, "Invalid momentum_decay value", decay -> decay >= 0);
            declareFlag("decoupled_weight_decay", false);
            declareFlag("maximize", false);
            declareOptionalFlag("foreach");
            declareFlag("capturable", false);
            declareFlag("differentiable", false);
        }

        /** Sets how fast the momentum approaches beta1; the default is 4e-3. */
        public Options momentumDecay(double momentumDecay) {
            return set("momentum_decay", momentumDecay);
        }

        /** Returns how fast the momentum approaches beta1. */
        public double momentumDecay() {
            return number("momentum_decay");
        }
    }

    private static final String MU_PRODUCT = "mu_product";
    private static final String EXP_AVG = "exp_avg";
    private static final String EXP_AVG_SQ = "exp_avg_sq";

    /** Creates NAdam with the default options. */
    public NAdam(List<? extends Tensor> parameters) {
        this(parameters, o -> {});
    }

    /**
     * Creates NAdam over one group.
     *
     * @param parameters the parameters to optimize
     * @param options sets the optional arguments
     */
    public NAdam(List<? extends Tensor> parameters, Consumer<Options> options) {
        this(options, List.of(Params.of(parameters)));
    }

    /**
     * Creates NAdam over several groups, or over named parameters.
     *
     * @param options sets the optional arguments that the groups share
     * @param groups the parameters, with the arguments in which they differ
     */
    public NAdam(Consumer<Options> options, List<Params<Options>> groups) {
        super(Options::new, options, groups);
    }

    @Override
    protected void initialize(State state, Tensor parameter, Options o) {
        state.number(STEP, 0);
        state.number(MU_PRODUCT, 1);
        state.zerosLike(EXP_AVG);
        state.zerosLike(EXP_AVG_SQ);
    }

    @Override
    void update(Batch batch, Options o) {
        Tensors p = batch.parameters();
        Tensors g = batch.gradients(o.maximize());
        double[] t = batch.nextSteps();
        if (o.weightDecay() != 0) {
            if (o.decoupledWeightDecay()) {
                p.mul_(1 - o.lr() * o.weightDecay());
            } else {
                g = g.add(p, o.weightDecay());
            }
        }
        double[] mu = map(t, step -> momentum(step, o));
        double[] product = batch.numbers(MU_PRODUCT);
        for (int i = 0; i < product.length; i++) {
            product[i] = (float) product[i] * (float) mu[i];
        }
        product = batch.setNumbers(MU_PRODUCT, product);
        double[] ofGradient = new double[t.length];
        double[] ofAverage = new double[t.length];
        for (int i = 0; i < t.length; i++) {
            double next = momentum(t[i] + 1, o);
            ofGradient[i] = -o.lr() * (1 - mu[i]) / (1 - product[i]);
            ofAverage[i] = -o.lr() * next / (1 - product[i] * next);
        }
        Tensors m = batch.state(EXP_AVG).lerp_(g, 1 - o.beta1());
        Tensors v = batch.state(EXP_AVG_SQ).mul_(o.beta2()).addcmul_(g, g, 1 - o.beta2());
        Tensors divisor =
                v.div(map(t, step -> 1 - Math.pow(o.beta2(), step))).sqrt_().add_(o.eps());
        p.addcdiv_(g, divisor, ofGradient).addcdiv_(m, divisor, ofAverage);
    }

    private static double momentum(double step, Options o) {
        return o.beta1() * (1 - 0.5 * Math.pow(0.96, step * o.momentumDecay()));
    }
}
