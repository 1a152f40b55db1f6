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
 * Adam whose first steps do not depend on the second moment, as long as its variance is too great.
 *
 * <pre>
 * g = g + weight_decay p                    (p = p (1 - lr weight_decay) if the weight decay is decoupled)
 * m = beta1 m + (1 - beta1) g
 * v = beta2 v + (1 - beta2) g²
 * R = 2 / (1 - beta2) - 1
 * r = R - 2 t beta2^t / (1 - beta2^t)
 * p = p - lr m / (1 - beta1^t)  c           (c = 1 if r is at most 5)
 * c = sqrt((r - 4) (r - 2) R / ((R - 4) (R - 2) r))  sqrt(1 - beta2^t) / (sqrt(v) + eps)
 * </pre>
 *
 * <p>The real and imaginary parts of a complex parameter are optimized separately. Sparse gradients are not supported.
 *
 * @see <a href="https://arxiv.org/abs/1908.03265">On the variance of the adaptive learning rate and beyond, Liu and others
 *     2019</a>
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.RAdam.html">torch.optim.RAdam</a>
 */
public final class RAdam extends BatchedOptimizer<RAdam.Options> {

    /** The optional arguments of {@link RAdam}: lr 1e-3, betas 0.9 and 0.999, eps 1e-8, everything else 0 or false. */
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
            super(1e-3);
            declareBetas(0.9, 0.999);
            declareEps(1e-8);
            declareWeightDecay(0);
            declareFlag("maximize", false);
            declareOptionalFlag("foreach");
            declareFlag("capturable", false);
            declareFlag("decoupled_weight_decay", false);
            declareFlag("differentiable", false);
        }
    }

    private static final String EXP_AVG = "exp_avg";
    private static final String EXP_AVG_SQ = "exp_avg_sq";

    /** Creates RAdam with the default options. */
    public RAdam(List<? extends Tensor> parameters) {
        this(parameters, o -> {});
    }

    /**
     * Creates RAdam over one group.
     *
     * @param parameters the parameters to optimize
     * @param options sets the optional arguments
     */
    public RAdam(List<? extends Tensor> parameters, Consumer<Options> options) {
        this(options, List.of(Params.of(parameters)));
    }

    /**
     * Creates RAdam over several groups, or over named parameters.
     *
     * @param options sets the optional arguments that the groups share
     * @param groups the parameters, with the arguments in which they differ
     */
    public RAdam(Consumer<Options> options, List<Params<Options>> groups) {
        super(Options::new, options, groups);
    }

    @Override
    protected void initialize(State state, Tensor parameter, Options o) {
        state.number(STEP, 0);
        state.zerosLike(EXP_AVG);
        state.zerosLike(EXP_AVG_SQ);
    }

    @Override
    void update(Batch batch, Options o) {
        Tensors p = batch.parameters();
        Tensors g = batch.gradients(o.maximize());
        batch.nextSteps();
        if (o.weightDecay() != 0) {
            if (o.decoupledWeightDecay()) {
                p.mul_(1 - o.lr() * o.weightDecay());
            } else {
                g = g.add(p, o.weightDecay());
            }
        }
        batch.state(EXP_AVG).lerp_(g, 1 - o.beta1());
        batch.state(EXP_AVG_SQ).mul_(o.beta2()).addcmul_(g, g, 1 - o.beta2());
        batch.split(
                slot -> length(slot.state().number(STEP), o) > 5,
                late -> late.parameters()
                        .add_(step(late, o).mul_(adaptive(late, o)).mul_(rectification(late, o)), -1),
                early -> early.parameters().add_(step(early, o), -1));
    }

    /** Returns the step without the second moment. */
    private static Tensors step(Batch batch, Options o) {
        double[] corrections = map(batch.numbers(STEP), step -> 1 - Math.pow(o.beta1(), step));
        return batch.state(EXP_AVG).div(corrections).mul_(o.lr());
    }

    private static Tensors adaptive(Batch batch, Options o) {
        double[] corrections = map(batch.numbers(STEP), step -> Math.sqrt(1 - Math.pow(o.beta2(), step)));
        return batch.state(EXP_AVG_SQ).sqrt().add_(o.eps()).reciprocal_().mul_(corrections);
    }

    private static double[] rectification(Batch batch, Options o) {
        double most = mostLength(o);
        return map(batch.numbers(STEP), step -> {
            double r = length(step, o);
            return Math.sqrt((r - 4) * (r - 2) * most / ((most - 4) * (most - 2) * r));
        });
    }

    /** Returns how many steps the second moment is an average of. */
    private static double length(double step, Options o) {
        double power = Math.pow(o.beta2(), step);
        return mostLength(o) - 2 * step * power / (1 - power);
    }

    private static double mostLength(Options o) {
        return 2 / (1 - o.beta2()) - 1;
    }
}
