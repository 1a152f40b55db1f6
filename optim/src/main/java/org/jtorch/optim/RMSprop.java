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
 * Gradient descent in which each element is divided by the root of a running average of its squared gradient.
 *
 * <pre>
 * g = g + weight_decay p
 * v = alpha v + (1 - alpha) g²
 * a = sqrt(v) + eps                         (sqrt(v - m²) + eps with centered, where m = alpha m + (1 - alpha) g)
 * p = p - lr g / a                          (b = momentum b + g / a and p = p - lr b with momentum)
 * </pre>
 *
 * <p>The real and imaginary parts of a complex parameter are optimized separately. Sparse gradients are not supported.
 *
 * @see <a href="https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf">Lecture notes of G. Hinton</a>
 * @see <a href="https://arxiv.org/abs/1308.0850">Generating sequences with recurrent neural networks, Graves 2013</a>, for the
 *     centered form
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.RMSprop.html">torch.optim.RMSprop</a>
 */
public final class RMSprop extends BatchedOptimizer<RMSprop.Options> {

    /** The optional arguments of {@link RMSprop}: lr 1e-2, alpha 0.99, eps 1e-8, everything else 0 or false. */
    public static final class Options extends OptimizerOptions<Options>
            implements Eps<Options>,
                    WeightDecay<Options>,
                    Capturable<Options>,
                    Foreach<Options>,
                    Maximize<Options>,
                    Differentiable<Options> {

        /** Creates the default options. */
        public Options() {
            super(1e-2);
            declareNumber("momentum", 0, "Invalid momentum value", momentum -> momentum >= 0);
            mayBeMissing("momentum");
            declareNumber("alpha", 0.99, "Invalid alpha value", alpha -> alpha >= 0);
            declareEps(1e-8);
            declareFlag("centered", false);
            declareWeightDecay(0);
            declareFlag("capturable", false);
            declareOptionalFlag("foreach");
            declareFlag("maximize", false);
            declareFlag("differentiable", false);
        }

        /** Sets the momentum, the factor of the previous step; the default is 0. */
        public Options momentum(double momentum) {
            return set("momentum", momentum);
        }

        /** Returns the momentum. */
        public double momentum() {
            return number("momentum");
        }

        /** Sets the decay rate of the running averages; the default is 0.99. */
        public Options alpha(double alpha) {
            return set("alpha", alpha);
        }

        /** Returns the decay rate of the running averages. */
        public double alpha() {
            return number("alpha");
        }

        /** Sets whether the gradient is divided by an estimate of its standard deviation; the default is false. */
        public Options centered(boolean centered) {
            return set("centered", centered);
        }

        /** Returns whether the gradient is divided by an estimate of its standard deviation. */
        public boolean centered() {
            return flag("centered");
        }
    }

    private static final String SQUARE_AVG = "square_avg";
    private static final String MOMENTUM_BUFFER = "momentum_buffer";
    private static final String GRAD_AVG = "grad_avg";

    /** Creates RMSprop with the default options. */
    public RMSprop(List<? extends Tensor> parameters) {
        this(parameters, o -> {});
    }

    /**
     * Creates RMSprop over one group.
     *
     * @param parameters the parameters to optimize
     * @param options sets the optional arguments
     */
    public RMSprop(List<? extends Tensor> parameters, Consumer<Options> options) {
        this(options, List.of(Params.of(parameters)));
    }

    /**
     * Creates RMSprop over several groups, or over named parameters.
     *
     * @param options sets the optional arguments that the groups share
     * @param groups the parameters, with the arguments in which they differ
     */
    public RMSprop(Consumer<Options> options, List<Params<Options>> groups) {
        super(Options::new, options, groups);
    }

    @Override
    protected void initialize(State state, Tensor parameter, Options o) {
        state.number(STEP, 0);
        state.zerosLike(SQUARE_AVG);
        if (o.momentum() > 0) {
            state.zerosLike(MOMENTUM_BUFFER);
        } else {
            state.optional(MOMENTUM_BUFFER);
        }
        if (o.centered()) {
            state.zerosLike(GRAD_AVG);
        } else {
            state.optional(GRAD_AVG);
        }
    }

    @Override
    void update(Batch batch, Options o) {
        Tensors p = batch.parameters();
        Tensors g = batch.gradients(o.maximize());
        batch.nextSteps();
        if (o.weightDecay() != 0) {
            g = g.add(p, o.weightDecay());
        }
        Tensors v = batch.state(SQUARE_AVG).mul_(o.alpha()).addcmul_(g, g, 1 - o.alpha());
        Tensors divisor;
        if (o.centered()) {
            Tensors m = batch.state(GRAD_AVG).lerp_(g, 1 - o.alpha());
            divisor = v.addcmul(m, m, -1).sqrt_().add_(o.eps());
        } else {
            divisor = v.sqrt().add_(o.eps());
        }
        if (o.momentum() > 0) {
            Tensors b = batch.state(MOMENTUM_BUFFER).mul_(o.momentum()).addcdiv_(g, divisor, 1);
            p.add_(b, -o.lr());
        } else {
            p.addcdiv_(g, divisor, -o.lr());
        }
    }
}
