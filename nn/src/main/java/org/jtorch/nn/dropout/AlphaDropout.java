package org.jtorch.nn.dropout;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * In training, drops each element with probability {@code p} to the least value of {@code SELU} and scales so that mean 0 and
 * variance 1 are kept. Any shape. As in PyTorch, {@code inplace} is shown and has no effect.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.AlphaDropout.html">torch.nn.AlphaDropout</a>
 * @see <a href="https://arxiv.org/abs/1706.02515">Self-normalizing neural networks, Klambauer et al. 2017</a>
 */
public class AlphaDropout extends DropoutNd {

    /** With probability 0.5. */
    public AlphaDropout() {
        this(o -> {});
    }

    /** With probability {@code p}. */
    public AlphaDropout(Number p) {
        this(o -> o.p(p));
    }

    /** With probability {@code p}, changing the input itself if {@code inplace}. */
    public AlphaDropout(Number p, boolean inplace) {
        this(o -> o.p(p).inplace(inplace));
    }

    /**
     * Creates one with the options that {@code options} sets.
     *
     * @throws IllegalArgumentException if p is no probability
     */
    public AlphaDropout(Consumer<Options> options) {
        super(options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.alphaDropout(x, p, isTraining(), false);
    }
}
