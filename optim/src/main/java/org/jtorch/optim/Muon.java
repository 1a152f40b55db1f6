package org.jtorch.optim;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.optim.options.Eps;
import org.jtorch.optim.options.OptimizerOptions;
import org.jtorch.optim.options.OptionType;
import org.jtorch.optim.options.WeightDecay;

/**
 * Gradient descent with momentum whose steps are made orthogonal, for the matrices in the hidden layers of a network. Other
 * parameters, such as biases and embeddings, need another optimizer.
 *
 * <pre>
 * b = momentum b + (1 - momentum) g
 * u = (1 - momentum) g + momentum b         (u = b without nesterov)
 * p = p (1 - lr weight_decay)
 * p = p - lr f(rows, columns)  orthogonal(u)
 * </pre>
 *
 * <p>The nearest orthogonal matrix is approximated by {@code ns_steps} steps of Newton and Schulz in bfloat16: first
 * {@code x = u / max(|u|, eps)}, then {@code x = a x + (b A + c A A) x} with {@code A = x x^T}. The factor {@code f} is
 * {@code adjust_lr_fn}.
 *
 * <p>Neither complex parameters nor sparse gradients are supported.
 *
 * @see <a href="https://kellerjordan.github.io/posts/muon/">Muon: an optimizer for hidden layers in neural networks</a>
 * @see <a href="https://arxiv.org/abs/2502.16982">Muon is scalable for LLM training, Liu and others 2025</a>
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.Muon.html">torch.optim.Muon</a>
 */
public final class Muon extends Optimizer<Muon.Options> {

    /**
     * The optional arguments of {@link Muon}: lr 1e-3, weight decay 0.1, momentum 0.95, nesterov true, coefficients 3.4445, -4.775
     * and 2.0315, eps 1e-7, 5 steps, the original adjustment of the learning rate.
     */
    public static final class Options extends OptimizerOptions<Options> implements WeightDecay<Options>, Eps<Options> {

        private static final List<String> ADJUSTMENTS = List.of("original", "match_rms_adamw", "spectral_unclamped");

        /** Creates the default options. */
        public Options() {
            super(1e-3, "Learning rate should be >= 0 but is", rate -> rate >= 0);
            declareNumber("weight_decay", 0.1, "weight decay should be >= 0 but is", decay -> decay >= 0);
            declareNumber("momentum", 0.95, "momentum should be >= 0 but is", momentum -> momentum >= 0);
            declareFlag("nesterov", true);
            OptionType number = OptionType.number("Invalid coefficient", value -> true);
            declareTuple("ns_coefficients", new OptionType[] {number, number, number}, 3.4445, -4.7750, 2.0315);
            declareNumber("eps", 1e-7);
            declareInteger(
                    "ns_steps",
                    5,
                    "Number of steps must be less than 100 for computational efficiency",
                    steps -> steps < 100);
            declareOptionalText(
                    "adjust_lr_fn",
                    ADJUSTMENTS::contains,
                    text -> "Adjust learning rate function " + text + " is not supported: use one of " + ADJUSTMENTS);
        }

        /** Sets the momentum, the decay rate of the running average of the gradient; the default is 0.95. */
        public Options momentum(double momentum) {
            return set("momentum", momentum);
        }

        /** Returns the momentum. */
        public double momentum() {
            return number("momentum");
        }

        /** Sets whether to use Nesterov momentum; the default is true. */
        public Options nesterov(boolean nesterov) {
            return set("nesterov", nesterov);
        }

        /** Returns whether Nesterov momentum is used. */
        public boolean nesterov() {
            return flag("nesterov");
        }

        /** Sets the coefficients of the steps of Newton and Schulz; the defaults are 3.4445, -4.775 and 2.0315. */
        public Options nsCoefficients(double a, double b, double c) {
            return set("ns_coefficients", new double[] {a, b, c});
        }

        /** Sets the number of steps of Newton and Schulz, less than 100; the default is 5. */
        public Options nsSteps(long nsSteps) {
            return set("ns_steps", nsSteps);
        }

        /** Returns the number of steps of Newton and Schulz. */
        public long nsSteps() {
            return (long) number("ns_steps");
        }

        /**
         * Sets how the learning rate depends on the numbers of rows and columns: {@code original} is
         * {@code sqrt(max(1, rows / columns))}, {@code match_rms_adamw} is {@code 0.2 sqrt(max(rows, columns))}, and
         * {@code spectral_unclamped} is {@code sqrt(rows / columns)}. The default is null, which is the original.
         *
         * @throws IllegalArgumentException if it is none of these
         */
        public Options adjustLrFn(@Nullable String adjustLrFn) {
            return set("adjust_lr_fn", adjustLrFn);
        }

        /** Returns how the learning rate depends on the numbers of rows and columns; null is {@code original}. */
        public @Nullable String adjustLrFn() {
            return (String) get("adjust_lr_fn");
        }
    }

    private static final String MOMENTUM_BUFFER = "momentum_buffer";

    /** Creates Muon with the default options. */
    public Muon(List<? extends Tensor> parameters) {
        this(parameters, o -> {});
    }

    /**
     * Creates Muon over one group.
     *
     * @param parameters the parameters to optimize
     * @param options sets the optional arguments
     */
    public Muon(List<? extends Tensor> parameters, Consumer<Options> options) {
        this(options, List.of(Params.of(parameters)));
    }

    /**
     * Creates Muon over several groups, or over named parameters.
     *
     * @param options sets the optional arguments that the groups share
     * @param groups the parameters, with the arguments in which they differ
     */
    public Muon(Consumer<Options> options, List<Params<Options>> groups) {
        super(Options::new, options, groups);
    }

    @Override
    boolean needsShapes() {
        return true;
    }

    @Override
    protected void checkParameter(Tensor parameter, Options o) {
        if (parameter.dim() != 2) {
            throw new IllegalArgumentException(
                    "Muon only supports 2D parameters whereas we found a parameter with size: "
                            + Arrays.toString(parameter.shape()) + ": use another optimizer for it");
        }
    }

    @Override
    protected void check(Slot slot, Options o) {
        slot.checkReal(name());
        super.check(slot, o);
    }

    @Override
    protected void initialize(State state, Tensor parameter, Options o) {
        state.zerosLike(MOMENTUM_BUFFER);
    }

    @Override
    protected void update(Slot slot, Options o) {
        Tensor p = slot.parameter();
        Tensor g = slot.grad();
        Tensor b = slot.state().tensor(MOMENTUM_BUFFER).lerp_(g, 1 - o.momentum());
        Tensor step = orthogonal(o.nesterov() ? g.lerp(b, o.momentum()) : b, o);
        // mul_ would round the factor to the dtype first if that has 16 bits
        p.copy_(p.mul(1 - o.lr() * o.weightDecay()));
        p.add_(step, -o.lr() * adjustment(p.size(0), p.size(1), o.adjustLrFn()));
    }

    private static double adjustment(double rows, double columns, @Nullable String function) {
        return switch (function == null ? "original" : function) {
            case "match_rms_adamw" -> 0.2 * Math.sqrt(Math.max(rows, columns));
            case "spectral_unclamped" -> Math.sqrt(rows / columns);
            default -> Math.sqrt(Math.max(1, rows / columns));
        };
    }

    /** Returns a matrix in bfloat16 with about the singular vectors of {@code u}, and singular values of about 1. */
    private static Tensor orthogonal(Tensor u, Options o) {
        boolean turned = u.size(0) > u.size(1);
        Tensor half = u.to(DType.BFLOAT16);
        Tensor x = turned ? half.t() : half;
        x = x.div(x.linalgVectorNorm(2).clamp(o.eps()));
        for (long i = 0; i < o.nsSteps(); i++) {
            Tensor gram = x.mm(x.t());
            Tensor update = gram.addmm(gram, gram, o.number("ns_coefficients", 1), o.number("ns_coefficients", 2));
            x = x.addmm(update, x, o.number("ns_coefficients", 0), 1);
        }
        return turned ? x.t() : x;
    }
}
