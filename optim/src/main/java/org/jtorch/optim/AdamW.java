package org.jtorch.optim;

import java.util.List;
import java.util.function.Consumer;
import org.jtorch.Tensor;

/**
 * Adam with decoupled weight decay.
 *
 * <pre>
 * p  = p (1 - lr weight_decay)
 * m  = beta1 m + (1 - beta1) g
 * v  = beta2 v + (1 - beta2) g²
 * p  = p - lr / (1 - beta1^t)  m / (sqrt(v / (1 - beta2^t)) + eps)
 * </pre>
 *
 * <p>The fused kernel is used unless the option {@code fused} is false or {@code foreach} is true. The real and imaginary parts of
 * a complex parameter are optimized separately. Sparse gradients are not supported.
 *
 * @see <a href="https://arxiv.org/abs/1711.05101">Decoupled weight decay regularization, Loshchilov and Hutter 2017</a>
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.AdamW.html">torch.optim.AdamW</a>
 */
public final class AdamW extends AdamBase<AdamW.Options> {

    /** The optional arguments of {@link AdamW}: lr 1e-3, betas 0.9 and 0.999, eps 1e-8, weight decay 1e-2. */
    public static final class Options extends AdamOptions<Options> {

        /** Creates the default options. */
        public Options() {
            super(1e-2);
            declareFlag("decoupled_weight_decay", true);
        }

        @Override
        protected void validate() {
            super.validate();
            if (!decoupledWeightDecay()) {
                throw new IllegalArgumentException(
                        "the state is Adam's: its decoupled_weight_decay is false, and AdamW's weight"
                                + " decay is decoupled");
            }
        }
    }

    /** Creates AdamW with the default options. */
    public AdamW(List<? extends Tensor> parameters) {
        this(parameters, o -> {});
    }

    /**
     * Creates AdamW over one group.
     *
     * @param parameters the parameters to optimize
     * @param options sets the optional arguments
     */
    public AdamW(List<? extends Tensor> parameters, Consumer<Options> options) {
        this(options, List.of(Params.of(parameters)));
    }

    /**
     * Creates AdamW over several groups, or over named parameters.
     *
     * @param options sets the optional arguments that the groups share
     * @param groups the parameters, with the arguments in which they differ
     */
    public AdamW(Consumer<Options> options, List<Params<Options>> groups) {
        super(Options::new, options, groups);
    }
}
