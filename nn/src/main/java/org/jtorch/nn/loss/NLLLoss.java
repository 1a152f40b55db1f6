package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.Reduction;

/**
 * Negative log likelihood of log probabilities: {@code -weight[y] * x[y]} for a class {@code y}.
 *
 * <p>Input: {@code (N, C)}, {@code (N, C, d1, …)} or {@code (C)}. Target: classes, int64, {@code (N)}, {@code (N, d1, …)} or
 * {@code ()}. Output: a scalar, or a tensor with the shape of the target if the loss is not reduced.
 *
 * <p>Buffer: {@code weight} (C), if it is given.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html">torch.nn.NLLLoss</a>
 */
public class NLLLoss extends WeightedLoss {

    /** The optional arguments of {@link NLLLoss}. */
    public static final class Options extends WeightOptions<Options> {
        private long ignoreIndex = -100;

        /** Sets the class whose elements are ignored; the default is -100. */
        public Options ignoreIndex(long newIgnoreIndex) {
            ignoreIndex = newIgnoreIndex;
            return this;
        }
    }

    private long ignoreIndex;

    /** Creates a loss with the default options. */
    public NLLLoss() {
        this(o -> {});
    }

    /** Creates a loss with the given reduction. */
    public NLLLoss(Reduction reduction) {
        this(o -> o.reduction(reduction));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public NLLLoss(Consumer<Options> options) {
        this(Customized.of(new Options(), options));
    }

    private NLLLoss(Options o) {
        super(o);
        ignoreIndex = o.ignoreIndex;
    }

    /** Returns the class whose elements are ignored. */
    public final long ignoreIndex() {
        return ignoreIndex;
    }

    /** Sets {@link #ignoreIndex()}. */
    public final void ignoreIndex(long newIgnoreIndex) {
        ignoreIndex = newIgnoreIndex;
    }

    @Override
    protected Tensor forward(Input in) {
        return F.nllLoss(in.input(), in.target(), weight, ignoreIndex, reduction);
    }
}
