package org.jtorch.optim;

import java.util.List;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.optim.options.DecoupledWeightDecay;

/**
 * Adam: steps in the direction of the average gradient, divided by the root of its average square.
 *
 * <pre>
 * g  = g + weight_decay p
 * m  = beta1 m + (1 - beta1) g
 * v  = beta2 v + (1 - beta2) g²
 * p  = p - lr / (1 - beta1^t)  m / (sqrt(v / (1 - beta2^t)) + eps)
 * </pre>
 *
 * <p>The fused kernel is used unless the option {@code fused} is false or {@code foreach} is true. The real and imaginary parts of
 * a complex parameter are optimized separately. Sparse gradients are not supported.
 *
 * @see <a href="https://arxiv.org/abs/1412.6980">Adam: a method for stochastic optimization, Kingma and Ba 2014</a>
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.Adam.html">torch.optim.Adam</a>
 */
public final class Adam extends AdamBase<Adam.Options> {

    /** The optional arguments of {@link Adam}: lr 1e-3, betas 0.9 and 0.999, eps 1e-8, weight decay 0. */
    public static final class Options extends AdamOptions<Options> implements DecoupledWeightDecay<Options> {

        /** Creates the default options. */
        public Options() {
            super(0);
            declareFlag("decoupled_weight_decay", false);
        }
    }

    /** Creates Adam with the default options. */
    public Adam(List<? extends Tensor> parameters) {
        this(parameters, o -> {});
    }

    /**
     * Creates Adam over one group.
     *
     * @param parameters the parameters to optimize
     * @param options sets the optional arguments
     */
    public Adam(List<? extends Tensor> parameters, Consumer<Options> options) {
        this(options, List.of(Params.of(parameters)));
    }

    /**
     * Creates Adam over several groups, or over named parameters.
     *
     * @param options sets the optional arguments that the groups share
     * @param groups the parameters, with the arguments in which they differ
     */
    public Adam(Consumer<Options> options, List<Params<Options>> groups) {
        super(Options::new, options, groups);
    }
}
